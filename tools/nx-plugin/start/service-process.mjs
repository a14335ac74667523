import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const readyWithinMs = 30_000;
const stopWithinMs = 10_000;
const keptOutput = 4_000;

/** One service as a child process: its log goes to a file, and it stops when this process goes away. */
export class ServiceProcess {
  #child;
  #tail = '';
  #exit;

  /**
   * @param {{ name: string, entry: string, url: string, env: Record<string, string>, logFile: string }} options
   */
  constructor({ name, entry, url, env, logFile }) {
    this.name = name;
    this.url = url;
    this.logFile = logFile;
    this.#child = spawn(process.execPath, [entry], {
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const log = createWriteStream(logFile, { mode: 0o600 });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.pipe(log, { end: false });
      stream.on('data', (chunk) => (this.#tail = (this.#tail + chunk).slice(-keptOutput)));
    }
    this.#exit = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    });
  }

  /** Resolves, with how it ended, when the process has ended. */
  get exited() {
    return this.#exit;
  }

  get running() {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits until the service says it is ready; rejects with its last output where it ends first or takes too long. */
  async ready() {
    const deadline = Date.now() + readyWithinMs;
    while (Date.now() < deadline) {
      if (!this.running)
        throw new Error(`${this.name} ended (${await this.#exit}) before it was ready:\n${this.#tail}`);
      const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(
        () => undefined,
      );
      await response?.body?.cancel();
      if (response?.ok) return;
      await delay(100);
    }
    throw new Error(
      `${this.name} was not ready within ${readyWithinMs / 1000} s. Its log: ${this.logFile}\n${this.#tail}`,
    );
  }

  /** Asks the process to stop, waits for it, and ends it by force where it does not. */
  async stop() {
    if (!this.running) return;
    this.#child.kill('SIGTERM');
    const late = Symbol('late');
    const timer = new AbortController();
    const timeout = delay(stopWithinMs, late, { signal: timer.signal }).catch(() => undefined);
    if ((await Promise.race([this.#exit, timeout])) === late) this.#child.kill('SIGKILL');
    timer.abort();
    await this.#exit;
  }
}
