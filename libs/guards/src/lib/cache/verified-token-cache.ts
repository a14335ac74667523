import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { SigningKey } from '../keys/signing-key.js';
import type { VerifiedToken } from '../verifier/verified-token.js';

/** A verified token and what it stays valid with. */
export interface CachedToken {
  readonly token: VerifiedToken;
  /** The key that its signature verified with. */
  readonly key: SigningKey;
  /** Until when it may be recognised, in milliseconds since the epoch. */
  readonly until: number;
}

/**
 * The tokens that one verifier has verified, so that it recognises them.
 *
 * Keyed by the SHA-256 digest of the whole token, so an entry stands for one spelling of header, claims and
 * signature, and nothing in it can be sent as a token. Only verified tokens come in; a flood of bad ones costs no
 * memory. An entry is gone at its expiry, and at once when its key is no longer trusted.
 */
export class VerifiedTokenCache {
  readonly #tokens: LRUCache<string, CachedToken> | undefined;

  /** @param size the most tokens that are kept; 0 keeps none */
  constructor(size: number) {
    this.#tokens = size > 0 ? new LRUCache({ max: size }) : undefined;
  }

  /** The key of a token: 32 bytes as a string. */
  static digest(token: string): string {
    return hash('sha256', token, 'binary');
  }

  /** How many tokens are kept. */
  get size(): number {
    return this.#tokens?.size ?? 0;
  }

  /**
   * The token of that digest, if it is still good.
   *
   * @param digest from {@link VerifiedTokenCache.digest}
   * @param now milliseconds since the epoch
   */
  get(digest: string, now: number): CachedToken | undefined {
    const entry = this.#tokens?.get(digest);
    if (!entry) return undefined;
    if (now < entry.until && now < entry.key.trustedUntil) return entry;
    this.#tokens?.delete(digest);
    return undefined;
  }

  /** Keeps a token that was verified. */
  set(digest: string, entry: CachedToken): void {
    this.#tokens?.set(digest, entry);
  }

  /** Drops the tokens whose key is no longer trusted. */
  dropUntrusted(now: number): void {
    this.#tokens?.forEach((entry, digest) => {
      if (now >= entry.key.trustedUntil) this.#tokens?.delete(digest);
    });
  }

  /** Drops every token. */
  clear(): void {
    this.#tokens?.clear();
  }
}
