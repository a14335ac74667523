import { createHmac, timingSafeEqual } from 'node:crypto';

/** Nonces that a service asks its clients to put into their proofs (RFC 9449 §9). */
export interface DpopNonces {
  /** The nonce to be used from now on. */
  current(): string;
  /** True for a nonce that was given out not long ago. */
  accepts(nonce: string): boolean;
}

/**
 * Nonces that change with time and need no memory: each is an HMAC of its period. The one before the current one is
 * still accepted.
 *
 * @example
 * ```ts
 * new RollingDpopNonces(randomBytes(32)); // every instance of a service needs the same secret
 * ```
 */
export class RollingDpopNonces implements DpopNonces {
  /**
   * @param secret at least 32 bytes
   * @param periodSeconds how long each is the current one; default 60
   * @param clock milliseconds since the epoch; default `Date.now`
   * @throws RangeError when the secret is too short
   */
  constructor(
    private readonly secret: Uint8Array,
    private readonly periodSeconds = 60,
    private readonly clock: () => number = Date.now,
  ) {
    if (secret.byteLength < 32) throw new RangeError('The secret of the nonces must have at least 32 bytes.');
  }

  current(): string {
    return this.#nonce(this.#period());
  }

  accepts(nonce: string): boolean {
    const period = this.#period();
    return [period, period - 1].some((each) => equal(this.#nonce(each), nonce));
  }

  #period(): number {
    return Math.floor(this.clock() / 1_000 / this.periodSeconds);
  }

  #nonce(period: number): string {
    return createHmac('sha256', this.secret).update(`dpop-nonce:${period}`).digest('base64url');
  }
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
