import type { Denylist } from '../verifier/denylist.js';
import type { VerifiedToken } from '../verifier/verified-token.js';

/** A token may be accepted for as long as this after it expires, in seconds: the largest clock tolerance. */
const TOLERANCE = 60;
const SWEEP_MS = 60_000;

/**
 * A denylist in this process. Takes effect on the next request, on recognised tokens too.
 *
 * @example
 * ```ts
 * const denylist = new MemoryDenylist();
 * denylist.denyToken(jti, expiresAt);
 * denylist.denyClient('inventory');
 * ```
 */
export class MemoryDenylist implements Denylist {
  /** Until when each is denied, in seconds since the epoch. */
  readonly #tokens = new Map<string, number>();
  readonly #clients = new Map<string, number>();
  #sweptAt = 0;

  /** @param clock milliseconds since the epoch; default `Date.now` */
  constructor(private readonly clock: () => number = Date.now) {}

  denies({ tokenId, clientId }: VerifiedToken): boolean {
    if (this.#tokens.size === 0 && this.#clients.size === 0) return false;
    return (
      (tokenId !== undefined && this.#holds(this.#tokens, tokenId)) || this.#holds(this.#clients, clientId)
    );
  }

  /**
   * Denies one token.
   *
   * @param tokenId its `jti`
   * @param until when it expires, in seconds since the epoch: it need not be remembered for longer
   */
  denyToken(tokenId: string, until: number): void {
    this.#sweep();
    this.#tokens.set(tokenId, until + TOLERANCE);
  }

  /**
   * Denies every token of a client.
   *
   * @param until in seconds since the epoch; default: until {@link allowClient}
   */
  denyClient(clientId: string, until = Number.POSITIVE_INFINITY): void {
    this.#sweep();
    this.#clients.set(clientId, until);
  }

  /** Takes a client off the list. */
  allowClient(clientId: string): void {
    this.#clients.delete(clientId);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#tokens.size + this.#clients.size;
  }

  #holds(list: ReadonlyMap<string, number>, name: string): boolean {
    const until = list.get(name);
    return until !== undefined && this.clock() < until * 1_000;
  }

  #sweep(): void {
    const now = this.clock();
    if (now < this.#sweptAt + SWEEP_MS) return;
    this.#sweptAt = now;
    for (const list of [this.#tokens, this.#clients]) {
      for (const [name, until] of list) if (until * 1_000 <= now) list.delete(name);
    }
  }
}
