import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { SigningKey } from '../keys/signing-key.js';
import type { VerifiedToken } from '../verifier/verified-token.js';
import { ownCopy } from './own-copy.js';

/** A verified token and what it stays valid with. */
export interface CachedToken {
  readonly token: VerifiedToken;
  /** The key that its signature verified with. */
  readonly key: SigningKey;
  /** Until when it may be recognised, in milliseconds since the epoch. */
  readonly until: number;
}

/** An entry, and what was signed: header and claims as they were sent. */
interface Entry extends CachedToken {
  readonly signed: string;
}

/** What a connection carried last: the one token that is kept as it was sent, no longer than the connection lives. */
interface Carried {
  readonly sent: string;
  readonly entry: Entry;
}

/**
 * The tokens that one verifier has verified, so that it recognises them.
 *
 * Found by the SHA-256 digest of the signature, and recognised only where header and claims are, character by
 * character, those that this signature verified. Only the digest of a signature is kept, so nothing in here can be sent
 * as a token. Only verified tokens come in; a flood of bad ones costs no memory. An entry is gone at its expiry,
 * and at once when its key is no longer trusted.
 *
 * A client sends one token on a connection, request after request: what the connection carried last is compared as it
 * is, which costs a tenth of its digest. That comparison takes no constant time, so any other token makes the connection
 * forget: who shares it (behind one proxy, say) has one guess, and none to compare it with.
 */
export class VerifiedTokenCache {
  readonly #tokens: LRUCache<string, Entry> | undefined;
  #carried = new WeakMap<object, Carried>();

  /** @param size the most tokens that are kept; 0 keeps none */
  constructor(size: number) {
    this.#tokens = size > 0 ? new LRUCache({ max: size }) : undefined;
  }

  /** How many tokens are kept. */
  get size(): number {
    return this.#tokens?.size ?? 0;
  }

  /**
   * What is known of a token, if it is still good.
   *
   * @param token in compact form
   * @param now milliseconds since the epoch
   * @param connection that it came on, where there is one that carries requests in turn
   */
  get(token: string, now: number, connection?: object): CachedToken | undefined {
    if (!this.#tokens) return undefined;
    if (!connection) return this.#find(this.#tokens, token, now);
    const carried = this.#carried.get(connection);
    if (carried !== undefined && carried.sent === token && isGood(carried.entry, now)) return carried.entry;
    const entry = this.#find(this.#tokens, token, now);
    if (entry) this.#carried.set(connection, { sent: token, entry });
    else if (carried) this.#carried.delete(connection);
    return entry;
  }

  /** Keeps a token that was verified. */
  set(token: string, { token: verified, key, until }: CachedToken): void {
    if (!this.#tokens) return;
    const end = endOfSigned(token);
    const signed = ownCopy(token.slice(0, end));
    this.#tokens.set(digestAfter(token, end), { token: verified, key, until, signed });
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
    this.#carried = new WeakMap();
  }

  #find(tokens: LRUCache<string, Entry>, token: string, now: number): Entry | undefined {
    const end = endOfSigned(token);
    if (end === -1) return undefined;
    const digest = digestAfter(token, end);
    const entry = tokens.get(digest);
    if (!entry || token.slice(0, end) !== entry.signed) return undefined;
    if (isGood(entry, now)) return entry;
    tokens.delete(digest);
    return undefined;
  }
}

function isGood({ until, key }: CachedToken, now: number): boolean {
  return now < until && now < key.trustedUntil;
}

/** Where the second dot is, which parts what is signed from its signature; -1 without one. */
function endOfSigned(token: string): number {
  const first = token.indexOf('.');
  return first === -1 ? -1 : token.indexOf('.', first + 1);
}

/** The digest of the signature, 32 bytes as a string. */
function digestAfter(token: string, end: number): string {
  return hash('sha256', token.slice(end + 1), 'binary');
}
