import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** How a program ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs, and what it wrote. */
export class Program {
  stdout = '';
  stderr = '';
  readonly exit: Promise<Exit>;
  readonly #child: ChildProcess;

  /**
   * @param path the program
   * @param env its whole environment
   * @param ipc whether to open a channel that closes when this process goes away
   */
  constructor(path: string, env: Readonly<Record<string, string>>, { ipc = false } = {}) {
    this.#child = spawn(process.execPath, [path], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
    });
    const { stdout, stderr } = this.#child;
    stdout?.on('data', (chunk) => (this.stdout += String(chunk)));
    stderr?.on('data', (chunk) => (this.stderr += String(chunk)));
    this.exit = Promise.all([once(this.#child, 'exit'), once(stdout!, 'end'), once(stderr!, 'end')]).then(
      ([[code, signal]]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }),
    );
  }

  /** The log lines so far. */
  get records(): Record<string, unknown>[] {
    const lines = this.stdout.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The URL it says it listens on; waits until it does. */
  async listening(): Promise<string> {
    return this.until(
      () => this.records.find(({ msg }) => msg === 'listening')?.['url'] as string | undefined,
    );
  }

  /** Waits until something is so. */
  async until<Value>(condition: () => Value | undefined | false): Promise<Value> {
    const deadline = Date.now() + 40_000;
    while (Date.now() < deadline) {
      const value = condition();
      if (value !== undefined && value !== false) return value;
      if (this.#child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`It did not come to that.\n${this.stdout}\n${this.stderr}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Closes the channel, as a parent process does that goes away. */
  disconnect(): void {
    this.#child.disconnect();
  }
}
