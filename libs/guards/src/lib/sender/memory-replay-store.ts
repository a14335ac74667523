import type { ReplayStore } from './replay-store.js';

/**
 * Remembers used proofs in this process. Enough for one instance of a service; several share a
 * {@link RedisReplayStore}. Bounded: while it is full of proofs that may still be replayed it accepts no new one.
 */
export class MemoryReplayStore implements ReplayStore {
  /** Expiry in milliseconds by id, in the order in which they came. */
  readonly #used = new Map<string, number>();

  /**
   * @param maxProofs the most proofs that are remembered; default 100,000
   * @param clock milliseconds since the epoch; default `Date.now`
   */
  constructor(
    private readonly maxProofs = 100_000,
    private readonly clock: () => number = Date.now,
  ) {}

  use(id: string, seconds: number): boolean {
    const now = this.clock();
    this.#forget(now);
    if (this.#used.has(id) || this.#used.size >= this.maxProofs) return false;
    this.#used.set(id, now + seconds * 1_000);
    return true;
  }

  /** How many proofs are remembered. */
  get size(): number {
    return this.#used.size;
  }

  #forget(now: number): void {
    for (const [id, expiresAt] of this.#used) {
      if (expiresAt > now) return;
      this.#used.delete(id);
    }
  }
}
