import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Action } from './action.js';
import { hostMessage, maxLine, type ActionAnswer, type HostMessage } from './action-answer.js';
import { ActionFailure } from './action-failure.js';
import type { ActionGrants } from './action-grants.js';

/** Bounds of one process that runs an Action. */
export interface HostLimits {
  /** Longest run, in milliseconds. */
  readonly timeout: number;
  /** Largest heap, in MiB; the resident memory may be four times this much. */
  readonly memory: number;
}

/** How long a process may take to be ready for the next run after it has answered, in milliseconds. */
const settleTime = 1_000;

/** How long a process may take to start and load the file, in milliseconds. */
const loadTimeout = 20_000;

/** How often the memory of a process is looked at while it runs, in milliseconds. */
const watchEvery = 50;

const folder = fileURLToPath(new URL('../../action-host/', import.meta.url));
const { allowedNodeEnvironmentFlags: known } = process;

/** A process that runs one Action, one run at a time: without environment, and without files that nobody granted. */
export class HostProcess {
  readonly #child: ChildProcess;
  #buffer = '';
  #expect: ((message: HostMessage | ActionFailure) => void) | undefined;
  #onIdle: ((ready: boolean) => void) | undefined;
  #lastRun = 0;
  #idleAfter = 0;
  #ended: ActionFailure | undefined;

  /**
   * @param emptyFolder where it runs
   * @param onEnd told when it can run nothing more
   */
  constructor(
    private readonly action: Action,
    private readonly limits: HostLimits,
    grants: ActionGrants,
    emptyFolder: string,
    onEnd: () => void,
  ) {
    mkdirSync(emptyFolder, { recursive: true, mode: 0o500 });
    this.#child = spawn(process.execPath, [...flags(limits, grants), `${folder}host.mjs`], {
      cwd: emptyFolder,
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    this.#child.once('error', () => {
      this.#end('action_exited', 'could not be started');
      onEnd();
    });
    this.#child.once('exit', () => {
      this.#end('action_exited', 'ended its process: it exited or used too much memory');
      onEnd();
    });
    this.#child.stdin!.on('error', () => this.#child.kill('SIGKILL'));
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.unref();
    const env = Object.fromEntries(grants.env.map((name) => [name, process.env[name] ?? '']));
    this.#send({ name: action.name, code: action.code, ...grants, env });
  }

  /** Whether the process has ended, or is about to. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Waits until the file is loaded. Once, before the first run.
   *
   * @throws {@link ActionFailure}
   */
  async load(): Promise<void> {
    const message = await this.#next(loadTimeout);
    if ('loaded' in message && message.loaded) return;
    this.kill();
    if ('error' in message) throw this.#threw('action_unreadable', 'cannot be loaded', message.error);
    throw this.#protocolError();
  }

  /**
   * Runs the Action once.
   *
   * @param input `event`, `cache` and `now`
   * @throws {@link ActionFailure}
   */
  async run(input: object): Promise<ActionAnswer> {
    const id = ++this.#lastRun;
    const answered = this.#next(this.limits.timeout);
    this.#send({ id, ...input });
    const message = await answered;
    if (!('id' in message) || message.id !== id) {
      this.kill();
      throw this.#protocolError();
    }
    if ('error' in message) throw this.#threw('action_threw', 'failed', message.error);
    return message;
  }

  /** Waits until nothing of the last run is left to do. */
  ready(): Promise<boolean> {
    if (this.ended) return Promise.resolve(false);
    if (this.#idleAfter === this.#lastRun) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#onIdle?.(false), settleTime);
      this.#onIdle = (ready) => {
        clearTimeout(timer);
        this.#onIdle = undefined;
        if (!ready) this.kill();
        resolve(ready);
      };
    });
  }

  /** Ends the process at once, whatever it does. */
  kill(): void {
    this.#end('action_exited', 'was stopped');
  }

  #next(timeout: number): Promise<HostMessage> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#end('action_timeout', `did not answer within ${timeout / 1_000} s`),
        timeout,
      );
      const watch = setInterval(() => this.#watchMemory(), watchEvery);
      this.#expect = (outcome) => {
        clearTimeout(timer);
        clearInterval(watch);
        this.#expect = undefined;
        if (outcome instanceof ActionFailure) reject(outcome);
        else resolve(outcome);
      };
    });
  }

  #send(message: object): void {
    this.#child.stdin!.write(`${JSON.stringify(message)}\n`);
  }

  #read(text: string): void {
    this.#buffer += text;
    if (this.#buffer.length > maxLine) return this.#end('action_overflow', 'wrote more than 100 kB');
    const lines = this.#buffer.split('\n');
    this.#buffer = lines.pop()!;
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    const parsed = hostMessage.safeParse(parseJson(line));
    if (!parsed.success) return this.#end('action_exited', 'answered what cannot be understood');
    if (!('idle' in parsed.data)) return this.#expect?.(parsed.data);
    this.#idleAfter = parsed.data.idle;
    return this.#onIdle?.(this.#idleAfter === this.#lastRun);
  }

  /** Buffers are not part of the heap; Linux tells how much memory a process has in all. */
  #watchMemory(): void {
    if (process.platform !== 'linux') return;
    try {
      const pages = Number(readFileSync(`/proc/${this.#child.pid}/statm`, 'utf8').split(' ')[1]);
      if (pages * 4_096 > this.limits.memory * 4 * 1_048_576)
        this.#end('action_overflow', 'used too much memory');
    } catch {
      // It has ended, which its exit tells.
    }
  }

  #end(code: ActionFailure['code'], problem: string): void {
    this.#ended ??= new ActionFailure(code, this.action.name, problem);
    this.#child.kill('SIGKILL');
    this.#expect?.(this.#ended);
    this.#onIdle?.(false);
  }

  #threw(
    code: ActionFailure['code'],
    what: string,
    error: { message: string; stack: string },
  ): ActionFailure {
    const place = error.stack.split('\n').find((line) => line.includes(`${this.action.name}:`));
    const [, where] = place?.match(/([^\s(]+:\d+(?::\d+)?)\)?$/) ?? [];
    const at = where?.startsWith(this.action.name) ? ` at ${where}` : '';
    return new ActionFailure(code, this.action.name, `${what}: ${error.message}${at}`);
  }

  #protocolError(): ActionFailure {
    return new ActionFailure('action_exited', this.action.name, 'answered what cannot be understood');
  }
}

function flags({ memory }: HostLimits, { files, globals, modules }: ActionGrants): string[] {
  const permission = known.has('--permission') ? '--permission' : '--experimental-permission';
  const network = globals.includes('fetch') || modules.length > 0;
  return [
    permission,
    ...[`${folder}*`, ...files].map((path) => `--allow-fs-read=${path}`),
    ...(network && known.has('--allow-net') ? ['--allow-net'] : []),
    '--no-warnings',
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${memory}`,
  ];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
