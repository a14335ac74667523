import type { KeySetLimits } from './key-set-limits.js';

const FIRST_RETRY_MS = 1_000;

/**
 * When a key set is fetched next: ahead of need after a success, with growing pauses after failures, up to the
 * cooldown. Both are spread by 10 % so that a fleet does not ask at one moment. Does not keep the process alive.
 */
export class RefreshTimer {
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #failures = 0;
  #stopped = false;

  constructor(
    private readonly limits: Pick<KeySetLimits, 'refreshMs' | 'cooldownMs'>,
    private readonly clock: () => number,
    private readonly refresh: () => void,
  ) {}

  /** The set was fetched. */
  succeeded(): void {
    this.#failures = 0;
    this.#schedule(this.limits.refreshMs);
  }

  /**
   * The set could not be fetched.
   *
   * @returns milliseconds until the next attempt
   */
  failed(): number {
    const pause = Math.min(this.limits.cooldownMs, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 20));
    this.#failures++;
    return this.#schedule(pause);
  }

  /** True between a failure and the next attempt. */
  isBackingOff(): boolean {
    return this.#failures > 0 && this.dueInMs() > 0;
  }

  /** Milliseconds until the next fetch; 0 when it is due or none is planned. */
  dueInMs(): number {
    return Math.max(0, this.#dueAt - this.clock());
  }

  /** Plans nothing any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): number {
    const spread = Math.round(delayMs * (0.9 + Math.random() * 0.2));
    this.#dueAt = this.clock() + spread;
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(this.refresh, spread).unref();
    return spread;
  }
}
