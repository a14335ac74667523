import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

const keptOutput = 200_000;

/**
 * Our own environment, without what an Nx or an npm that runs this script says of its own workspace. Nx loads its plugins
 * into its own process, which takes half as long as a process for each of them.
 */
export const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NX|npm)_/i.test(name))),
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_TUI: 'false',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
};

/**
 * Runs a program of Node.js to its end.
 *
 * @param {string} cwd
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, status?: number | 'failure', timeout?: number }} options `status`: the expected exit status, default 0
 * @returns {string} its output
 */
export function runNode(cwd, args, { env = {}, status = 0, timeout = 240_000 } = {}) {
  const result = spawnSync(process.execPath, args, {
    cwd,
    env: { ...environment, ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout,
  });
  const output = `${result.stdout}${result.stderr}`;
  const expected =
    status === 'failure' ? result.status !== 0 && result.status !== null : result.status === status;
  if (expected) return output;
  throw new Error(`${args.join(' ')} ended with ${result.status ?? result.signal}:\n${output.slice(-6_000)}`);
}

/** A program that runs beside the test, with what it wrote so far. */
export class Running {
  #output = '';
  #child;
  #exit;

  constructor(cwd, args, env = {}) {
    this.#child = spawn(process.execPath, args, {
      cwd,
      env: { ...environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk) => (this.#output = (this.#output + chunk).slice(-keptOutput)));
    }
    this.#exit = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** Waits until it has written a text; rejects with its output where it ends first or takes too long. */
  async wrote(text, timeout) {
    const deadline = performance.now() + timeout;
    while (!this.#output.includes(text)) {
      if (this.#child.exitCode !== null || performance.now() > deadline)
        throw new Error(`It did not write ${JSON.stringify(text)}:\n${this.#output.slice(-6_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Asks it to stop, and answers its exit code. */
  async stop() {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 30_000);
    const code = await this.#exit;
    clearTimeout(timer);
    return code;
  }
}

/** A port of 127.0.0.1 that nobody listens on, with the one a thousand above it. */
export async function freePorts() {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 1_000))) return port;
  }
  throw new Error('No free port was found.');
}

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
