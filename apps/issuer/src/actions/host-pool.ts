import { join } from 'node:path';
import { actionKey, type Action } from './action.js';
import type { ActionAnswer } from './action-answer.js';
import { ActionFailure } from './action-failure.js';
import type { ActionGrants } from './action-grants.js';
import { HostProcess, type HostLimits } from './host-process.js';

/** Options of {@link HostPool}. */
export interface HostPoolOptions extends HostLimits {
  readonly dataDir: string;
  readonly grants: ActionGrants;
}

/** The most processes in all and for one Action, and the most runs that wait for one. */
const maxProcesses = 8;
const maxForOne = 2;
const maxWaiting = 64;

/** How long a process stays that nobody needs, in milliseconds. */
const idleTime = 60_000;

interface Host {
  readonly key: string;
  readonly process: HostProcess;
  /** `settling` from its answer until nothing of the run is left to do. */
  state: 'running' | 'settling' | 'free';
  usedAt: number;
}

/** The processes that run Actions: warm ones are used again, each for one Action and one run at a time. */
export class HostPool {
  readonly #hosts = new Set<Host>();
  readonly #waiting: (() => void)[] = [];
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly options: HostPoolOptions) {}

  /** How many processes there are. */
  get size(): number {
    return this.#hosts.size;
  }

  /**
   * Runs an Action once.
   *
   * @throws {@link ActionFailure}
   */
  async run(action: Action, input: object): Promise<ActionAnswer> {
    const host = await this.#acquire(action);
    try {
      return await host.process.run(input);
    } finally {
      host.state = 'settling';
      void host.process.ready().then(() => this.#release(host));
    }
  }

  /** Ends every process. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const { process } of this.#hosts) process.kill();
    this.#wake();
  }

  async #acquire(action: Action): Promise<Host> {
    const key = actionKey(action);
    for (;;) {
      if (this.#closed)
        throw new ActionFailure('actions_busy', action.name, 'cannot run: the issuer is stopping');
      const all = [...this.#hosts].filter(({ process }) => !process.ended);
      const own = all.filter((host) => host.key === key);
      const free = own.find(({ state }) => state === 'free');
      if (free) return Object.assign(free, { state: 'running' });
      const settling = own.some(({ state }) => state === 'settling');
      if (!settling && own.length < maxForOne && (this.#hosts.size < maxProcesses || this.#evict(all)))
        return this.#start(action, key);
      if (this.#waiting.length >= maxWaiting)
        throw new ActionFailure('actions_busy', action.name, 'cannot run: too many runs are waiting');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #start(action: Action, key: string): Promise<Host> {
    const { dataDir, grants } = this.options;
    const gone = (): void => {
      this.#hosts.delete(host);
      this.#wake();
    };
    const process = new HostProcess(action, this.options, grants, join(dataDir, 'empty'), gone);
    const host: Host = { key, process, state: 'running', usedAt: Date.now() };
    this.#hosts.add(host);
    this.#sweep ??= setInterval(() => this.#dropIdle(), idleTime).unref();
    await process.load();
    return host;
  }

  /** Makes room: the process that was idle the longest goes. */
  #evict(all: readonly Host[]): boolean {
    const [oldest] = all
      .filter(({ state }) => state === 'free')
      .sort((one, other) => one.usedAt - other.usedAt);
    if (!oldest) return false;
    this.#hosts.delete(oldest);
    oldest.process.kill();
    return true;
  }

  #release(host: Host): void {
    host.state = 'free';
    host.usedAt = Date.now();
    this.#wake();
  }

  #dropIdle(): void {
    for (const { state, usedAt, process } of this.#hosts)
      if (state === 'free' && usedAt < Date.now() - idleTime) process.kill();
  }

  /** Each that waits looks again, in order; those that find nothing wait on. */
  #wake(): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}
