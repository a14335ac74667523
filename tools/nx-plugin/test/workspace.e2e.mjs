import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { copyWorkspace, linkTypedClients, sourceRoot } from './support/copy-workspace.mjs';
import { GeneratedApps } from './support/generated-apps.mjs';
import { startNats } from './support/nats.mjs';
import { freePorts, runNode, Running } from './support/program.mjs';
import { runSteps } from './support/steps.mjs';

/**
 * Generates three services, a client and their connections in a copy of the workspace, a chain and a cycle, over HTTP, NATS
 * (or TCP, where there is no NATS server) and gRPC, on Fastify and Express; builds, checks and tests them; starts everything
 * and makes the calls.
 */
const workspace = copyWorkspace();
const nxBin = createRequire(import.meta.url).resolve('nx/bin/nx.js');
const nx = (...args) => runNode(workspace, [nxBin, ...args]);
const generate = (name, ...args) => nx('g', `@countersign/nx:${name}`, ...args);
const git = (...args) => execFileSync('git', args, { cwd: workspace, encoding: 'utf8' });
const projects = ['billing', 'ledger', 'audit', 'nightly'];
const only = `--projects=${projects.join(',')}`;

const ports = {};
for (const name of ['issuer', 'orders', 'inventory', 'billing', 'ledger', 'audit'])
  ports[name] = await freePorts();
const apps = new GeneratedApps(workspace, ports);
const call = (...args) => apps.call('nightly', ...args);
const nats = await startNats();

let system;
const steps = [
  [
    'begins in sync',
    () => {
      git('init', '--quiet');
      nx('sync');
    },
  ],
  [
    'generates three services and a client on different transports and adapters',
    () => {
      generate(
        'service',
        'billing',
        '--scopes=read:invoices,write:invoices',
        `--port=${ports.billing}`,
        '--skipInstall',
      );
      generate(
        'service',
        'ledger',
        '--scopes=read:entries',
        nats ? '--transport=nats' : '--transport=tcp',
        '--adapter=express',
        '--calls=billing:read:invoices',
        `--port=${ports.ledger}`,
        '--skipInstall',
      );
      generate(
        'service',
        'audit',
        '--scopes=read:events',
        '--transport=grpc',
        '--calls=ledger:read:entries',
        `--port=${ports.audit}`,
        '--skipInstall',
      );
      generate(
        'client',
        'nightly',
        '--calls=billing:read:invoices,billing:write:invoices,ledger:read:entries,audit:read:events',
        '--skipInstall',
      );
    },
  ],
  [
    'connects them to a cycle and to what was there',
    () => {
      generate('connection', '--from=billing', '--to=audit', '--scopes=read:events');
      generate('connection', '--from=billing', '--to=inventory', '--scopes=read:stock');
      assert.deepEqual(apps.contractOf('billing').calls, {
        audit: ['read:events'],
        inventory: ['read:stock'],
      });
      assert.deepEqual(apps.contractOf('inventory').allows.billing, ['read:stock']);
    },
  ],
  ['links the typed clients, as npm install would', () => linkTypedClients(workspace)],
  [
    'changes nothing when it is asked again',
    () => {
      git('add', '--all');
      git(
        '-c',
        'user.name=e2e',
        '-c',
        'user.email=e2e@localhost',
        'commit',
        '--quiet',
        '--message=generated',
      );
      generate('connection', '--from=billing', '--to=audit', '--scopes=read:events');
      assert.equal(git('status', '--porcelain'), '');
    },
  ],
  [
    'refuses a name that is taken, and writes nothing',
    () => {
      const output = runNode(
        workspace,
        [nxBin, 'g', '@countersign/nx:service', 'billing', '--scopes=read:bills', '--skipInstall'],
        { status: 'failure' },
      );
      assert.match(output, /There is a project of this name/);
      assert.equal(git('status', '--porcelain'), '');
    },
  ],
  ['leaves the workspace in sync', () => nx('sync:check')],
  [
    'knows the connections in the project graph, the cycle too',
    () => {
      nx('graph', '--file=graph.json');
      const { dependencies } = JSON.parse(readFileSync(join(workspace, 'graph.json'), 'utf8')).graph;
      rmSync(join(workspace, 'graph.json'));
      const called = (name) =>
        dependencies[name]
          .filter(({ type }) => type === 'implicit')
          .map(({ target }) => target)
          .sort();
      assert.deepEqual(called('billing'), ['audit', 'inventory']);
      assert.deepEqual(called('audit'), ['ledger']);
      assert.deepEqual(called('ledger'), ['billing']);
      const affected = nx('show', 'projects', '--affected', '--files=apps/ledger/src/main.ts');
      for (const name of projects) assert.match(affected, new RegExp(`^${name}$`, 'm'));
      assert.doesNotMatch(affected, /^(?:orders|issuer)$/m);
    },
  ],
  [
    'writes what Prettier would write',
    () =>
      runNode(workspace, [
        join(workspace, 'node_modules/prettier/bin/prettier.cjs'),
        '--check',
        ...projects.map((name) => `apps/${name}`),
      ]),
  ],
  [
    'says itself what each route demands, and what its API is',
    () => nx('run-many', '-t', 'auth-manifest-check,openapi-check', only),
  ],
  [
    'takes the code of a user',
    () => {
      apps.addCallingRoute('billing', 'audit', 'read:invoices', 'Audit');
      apps.addCallingRoute('audit', 'ledger', 'read:events', 'Ledger');
      apps.addCallingRoute('ledger', 'billing', 'read:entries', 'Billing');
    },
  ],
  ['builds and typechecks', () => nx('run-many', '-t', 'build,typecheck,contract-check', only)],
  ['lints', () => nx('run-many', '-t', 'lint', only)],
  ['passes its tests', () => nx('run-many', '-t', 'test', only)],
  [
    'starts with all others',
    async () => {
      const variables = Object.entries(ports).map(([name, port]) => [
        `${name.toUpperCase()}_PORT`,
        String(port),
      ]);
      system = new Running(
        workspace,
        [join(workspace, 'tools/run/start.mjs')],
        Object.fromEntries(variables),
      );
      await system.wrote('Press Ctrl-C', 180_000);
    },
  ],
  [
    'calls along the chain and around the cycle',
    async () => {
      const added = await call('billing', '/invoices', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'first' }),
      });
      assert.equal(added.status, 201);
      assert.deepEqual(await call('billing', '/calling'), { status: 200, body: { items: [] } });
      assert.deepEqual(await call('audit', '/calling'), { status: 200, body: { items: [] } });
      assert.deepEqual(await call('ledger', '/calling'), { status: 200, body: { items: [added.body] } });
    },
  ],
  [
    'runs the client against them',
    () =>
      runNode(workspace, [join(workspace, 'apps/nightly/dist/main.js')], {
        env: {
          AUTH_ISSUER: `http://localhost:${ports.issuer}/`,
          M2M_CLIENT_SECRET_FILE: join(workspace, '.countersign/secrets/nightly'),
        },
        timeout: 60_000,
      }),
  ],
  ['stops', async () => assert.equal(await system.stop(), 0)],
  [
    'removes a service and what was wired for it',
    () => {
      runNode(workspace, [nxBin, 'g', '@countersign/nx:remove', 'ledger', '--skipInstall'], {
        status: 'failure',
      });
      rmSync(join(workspace, 'apps/audit/src/app/calling'), { recursive: true });
      git('checkout', '--quiet', '--', 'apps/audit/src/app/app.module.ts');
      generate('remove', 'ledger', '--skipInstall');
      assert.equal(existsSync(join(workspace, 'apps/ledger')), false);
      nx('sync:check');
      nx('run-many', '-t', 'build,contract-check', '--projects=audit,nightly');
    },
  ],
];

try {
  const passed = await runSteps(steps, join(sourceRoot, 'tools/nx-plugin/test-output/e2e.json'));
  process.exitCode = passed ? 0 : 1;
} finally {
  await system?.stop();
  await nats?.stop();
  if (process.env.KEEP_WORKSPACE !== '1') rmSync(workspace, { recursive: true, force: true, maxRetries: 3 });
  else console.log(workspace);
}
