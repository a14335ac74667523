import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findIssuer } from './issuer.mjs';
import { takeLock } from './lock.mjs';
import { nx } from './nx.mjs';
import { fail, heading, style, table } from './output.mjs';
import { choosePorts, requireFreePorts } from './ports.mjs';
import { ServiceProcess } from './service-process.mjs';
import { dataDir, readServices, root, variablePrefix } from './workspace.mjs';

const logFile = (name) => join(dataDir, 'logs', `${name}.log`);

/** The environment that makes a service a client of the local issuer and lets it find whom it calls. */
function environmentOf(service, ports) {
  return {
    AUTH_ISSUER: `http://localhost:${ports.get('issuer')}/`,
    M2M_CLIENT_ID: service.name,
    M2M_CLIENT_SECRET_FILE: join(dataDir, 'secrets', service.name),
    ...Object.fromEntries(
      service.calls.map((callee) => [
        `${variablePrefix(callee)}_URL`,
        `http://localhost:${ports.get(callee)}`,
      ]),
    ),
  };
}

function run(service, ports, env) {
  const port = ports.get(service.name);
  return new ServiceProcess({
    name: service.name,
    entry: service.entry,
    url: `http://127.0.0.1:${port}`,
    env: { HOST: '127.0.0.1', PORT: String(port), ...env },
    logFile: logFile(service.name),
  });
}

/** Runs the storefront's story in the foreground and resolves with its exit code. */
function tell(service, ports, onStart) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [service.entry], {
      cwd: root,
      env: { ...process.env, ...environmentOf(service, ports) },
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    onStart(child);
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** How many tokens the issuer issued, by client and audience, read from its own log. */
function countMints() {
  const mints = new Map();
  for (const line of readFileSync(logFile('issuer'), 'utf8').split('\n')) {
    if (!line.includes('token_issued')) continue;
    const { event, client, audience } = JSON.parse(line);
    if (event !== 'token_issued') continue;
    const key = JSON.stringify([client, audience]);
    mints.set(key, (mints.get(key) ?? 0) + 1);
  }
  return [...mints].map(([key, count]) => [...JSON.parse(key), String(count)]).sort();
}

function printUrls(apis, ports) {
  heading('Running');
  table([
    ['service', 'URL', 'audience', 'look at'],
    ['issuer', `http://localhost:${ports.get('issuer')}`, '', '/.well-known/openid-configuration'],
    ...apis.map(({ name, audience }) => [
      name,
      `http://localhost:${ports.get(name)}`,
      audience,
      '/docs  /openapi.json  /health/ready',
    ]),
  ]);
  console.log(`  ${style('dim', `logs and client secrets: ${dataDir}`)}`);
}

function printMints() {
  heading('Tokens minted by the issuer: one per connection, however many calls were made');
  table([['client', 'audience', 'tokens'], ...countMints()]);
}

/**
 * Builds what is stale, starts the issuer and every service that has an audience, lets the client that tells the story run
 * once, and stays up until it is told to stop.
 *
 * @param {{ once: boolean, story?: string }} options `once` stops after the story, with its exit code; `story` names the client
 */
export async function start({ once, story: teller }) {
  const issuer = findIssuer();
  takeLock();
  const services = readServices();
  const apis = services.filter(({ audience }) => audience !== undefined);
  const storyteller = services.find(({ name }) => name === teller);
  const ports = choosePorts([issuer, ...apis]);
  await requireFreePorts(ports);

  console.log('Building …');
  if (nx(['run-many', '-t', 'build', '--projects', 'tag:type:app'], { quiet: true }) !== 0) {
    fail('The build failed; its output is above.');
  }

  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const running = [];
  let story;
  let stopping;
  const stop = (code) =>
    (stopping ??= (async () => {
      story?.kill('SIGTERM');
      await Promise.all(running.filter(({ name }) => name !== 'issuer').map((service) => service.stop()));
      await Promise.all(running.map((service) => service.stop()));
      process.exit(code);
    })());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!stopping) console.log('\nStopping …');
      void stop(once ? 1 : 0);
    });
  }
  const launch = async (service, env) => {
    const child = run(service, ports, env);
    running.push(child);
    await child.ready();
    void child.exited.then((how) => {
      if (stopping) return;
      console.error(style('red', `${child.name} ended unexpectedly (${how}). Its log: ${child.logFile}`));
      void stop(1);
    });
  };

  try {
    console.log('Starting …');
    await launch(issuer, {
      ISSUER_URL: `http://localhost:${ports.get('issuer')}/`,
      ISSUER_DATA_DIR: dataDir,
    });
    await Promise.all(apis.map((service) => launch(service, environmentOf(service, ports))));
  } catch (error) {
    console.error(style('red', error.message));
    return stop(1);
  }
  printUrls(apis, ports);

  const outcome = storyteller ? await tell(storyteller, ports, (child) => (story = child)) : 0;
  story = undefined;
  if (stopping) return stopping;
  if (storyteller) printMints();

  if (once) return stop(outcome);
  if (outcome !== 0)
    console.error(style('red', '\nThe story did not end well; the services stay up so that you can look.'));
  console.log(`\nPress ${style('bold', 'Ctrl-C')} to stop everything.`);
}
