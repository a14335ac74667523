import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';

/** Options of {@link startProcess}. */
export interface StartProcessOptions {
  /** The program, such as `apps/orders/dist/main.js`. */
  entry: string | URL;
  /** Added to a minimal environment (`PATH`, `HOME`, `TMPDIR`, `HOST`, `PORT`); nothing else is inherited. */
  env?: Readonly<Record<string, string>>;
  /** Handed to the process as `PORT`. Default: a free one. */
  port?: number;
  /** A path that answers 2xx once the process is ready, or a question of the caller's own. Default `/health/ready`. */
  ready?: string | ((url: string) => Promise<boolean>);
  /** Milliseconds. Default 30,000. */
  readyWithin?: number;
  /** Milliseconds between SIGTERM and SIGKILL. Default 10,000. */
  stopWithin?: number;
  /** Arguments of the program. */
  args?: readonly string[];
  /** Arguments of Node. */
  execArgv?: readonly string[];
  /** Working folder. Default: that of this process. */
  cwd?: string;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether it had to be killed. */
  readonly forced: boolean;
}

const outputLimit = 4 * 1024 * 1024;
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot'];

/** A running program; see {@link startProcess}. */
export class RunningProcess implements AsyncDisposable {
  readonly url: string;
  #output = '';
  #forced = false;
  #ended: ProcessExit | undefined;

  /** Resolves when the process has ended. */
  readonly exit: Promise<ProcessExit>;

  constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly stopWithin: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    const collect = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-outputLimit);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.exit = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#ended = { code, signal, forced: this.#forced };
        resolve(this.#ended);
      };
      child.once('close', end);
      child.once('error', (error) => {
        this.#output += error.message;
        end(null, null);
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Everything it wrote to standard output and standard error, the last 4 MiB of it. */
  get output(): string {
    return this.#output;
  }

  /** How it ended; `undefined` while it runs. */
  get ended(): ProcessExit | undefined {
    return this.#ended;
  }

  /** Sends a signal without waiting. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (!this.#ended) this.child.kill(signal);
  }

  /** Asks it to stop, waits so long as was agreed, then ends it by force. Safe to call again. */
  async stop(): Promise<ProcessExit> {
    this.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.#forced = true;
      this.kill('SIGKILL');
    }, this.stopWithin);
    try {
      return await this.exit;
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Runs a built program as a child process, for tests of what is really shipped. The program has an IPC channel to this
 * process: one that stops on `disconnect`, as every service of `@countersign/bootstrap` does, outlives its test runner
 * under no circumstances, SIGKILL included.
 *
 * @throws Error with the process's output when it ends before it is ready, or is not ready in time
 * @example
 * await using orders = await startProcess({ entry: 'apps/orders/dist/main.js', env: { AUTH_ISSUER: issuer.issuer } });
 * const response = await fetch(`${orders.url}/orders`);
 */
export async function startProcess(options: StartProcessOptions): Promise<RunningProcess> {
  const port = options.port ?? (await freePort());
  const entry = options.entry instanceof URL ? fileURLToPath(options.entry) : options.entry;
  const kept = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  const child = spawn(process.execPath, [...(options.execArgv ?? []), entry, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { ...kept, HOST: '127.0.0.1', PORT: String(port), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const running = new RunningProcess(child, port, options.stopWithin ?? 10_000);
  const within = options.readyWithin ?? 30_000;
  const deadline = Date.now() + within;
  const { ready = '/health/ready' } = options;
  const isReady =
    typeof ready === 'string'
      ? (): Promise<boolean> => answersOk(`${running.url}${ready}`)
      : (): Promise<boolean> => ready(running.url);

  while (!running.ended && Date.now() < deadline) {
    if (await isReady()) return running;
    await delay(50);
  }
  const why = running.ended
    ? `ended (${running.ended.signal ?? running.ended.code})`
    : `was not ready in ${within} ms`;
  await running.stop();
  throw new Error(`${entry} ${why}.\n${running.output}`);
}
