import type { ReplayStore } from './replay-store.js';

/** What one key has in a store. */
interface Share {
  readonly jkt: string;
  held: number;
}

interface UsedProof {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly share: Share;
}

/**
 * Remembers used proofs in this process. Enough for one instance of a service; several share a
 * {@link RedisReplayStore}.
 *
 * Bounded, and never forgets a proof that may still be replayed: what does not fit is not accepted. A key may hold as
 * many proofs as there are places left. So one key alone fills no more than half of the store, `n` keys that flood it
 * leave 1/(n+1) of it to the others, and a flood by one is refused to that one, as long as no other needs more than a
 * third.
 */
export class MemoryReplayStore implements ReplayStore {
  /** By id, in the order in which they came. */
  readonly #used = new Map<string, UsedProof>();
  /** By thumbprint; those that hold something. */
  readonly #shares = new Map<string, Share>();

  /**
   * @param maxProofs the most proofs that are remembered, of all keys together; default 100,000. A key that sends
   * `r` proofs a second holds `71 * r` of them with the default `maxAgeSeconds` and clock tolerance
   * @param clock milliseconds since the epoch; default `Date.now`
   */
  constructor(
    private readonly maxProofs = 100_000,
    private readonly clock: () => number = Date.now,
  ) {}

  use(id: string, seconds: number, jkt: string): boolean {
    const now = this.clock();
    this.#forget(now);
    if (this.#used.has(id)) return false;
    const share = this.#shares.get(jkt) ?? { jkt, held: 0 };
    if (share.held >= this.maxProofs - this.#used.size) return false;
    share.held += 1;
    this.#shares.set(jkt, share);
    this.#used.set(id, { expiresAt: now + seconds * 1_000, share });
    return true;
  }

  /** How many proofs are remembered. */
  get size(): number {
    return this.#used.size;
  }

  #forget(now: number): void {
    for (const [id, { expiresAt, share }] of this.#used) {
      if (expiresAt > now) return;
      this.#used.delete(id);
      share.held -= 1;
      if (share.held === 0) this.#shares.delete(share.jkt);
    }
  }
}
