import { createHash, randomBytes } from 'node:crypto';
import { KeyRing } from '../key-ring.js';
import { maxSealedLength, openToken, sealToken } from '../sealed-token.js';
import {
  type SharedCopy,
  type SharedToken,
  type StoreCount,
  type StoreLock,
  type TokenStore,
  UnreadableEntryError,
} from '../token-store.js';
import type { RedisClient } from './redis-client.js';
import { RedisConnection } from './redis-connection.js';

/** Where the shared tokens are. */
export interface RedisTokenStoreOptions {
  /** `redis://` or, with TLS, `rediss://`; a connection of its own is opened, and closed by {@link RedisTokenStore.close}. */
  readonly url?: string;
  /** A client or a cluster of `ioredis` instead; opening and closing it is its owner's business. */
  readonly client?: RedisClient;
  /** The key ring, `id:base64key,id2:base64key`, 32 random bytes each: the first encrypts, all decrypt. */
  readonly keys: string;
  /** What the names in Redis begin with. Default `countersign:m2m:`. */
  readonly prefix?: string;
}

/** A lock that lasts ten times as long as one's own, or for ever, is nobody's. */
const absurdly = 10;
const deleteIfEqual = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;
const timeOfKey = `return redis.call('time')`;
const lookAtKey = `
return { redis.call('getrange', KEYS[1], 0, ARGV[1]), redis.call('pttl', KEYS[1]), redis.call('time') }`;

/**
 * Tokens shared in Redis (6.2 or later, or a cluster), encrypted with AES-256-GCM and bound to their names. Redis' own
 * clock decides how long a shared token lives, so clocks of instances may differ. A reader trusts nothing that it cannot
 * open.
 *
 * @example
 * ```ts
 * const store = new RedisTokenStore({ url: 'rediss://cache.internal:6380', keys: process.env.M2M_CACHE_KEYS });
 * ```
 */
export class RedisTokenStore implements TokenStore {
  readonly #source: { readonly client: RedisClient };
  readonly #connection: RedisConnection | undefined;
  readonly #ring: KeyRing;
  readonly #prefix: string;

  /** @throws M2mOptionsError where the key ring is wrong, TypeError where there is neither `url` nor `client` */
  constructor({ url, client, keys, prefix = 'countersign:m2m:' }: RedisTokenStoreOptions) {
    this.#ring = KeyRing.parse(keys);
    this.#prefix = prefix;
    if (client === undefined && url === undefined)
      throw new TypeError('RedisTokenStore needs a url or a client.');
    this.#connection = client === undefined && url !== undefined ? new RedisConnection(url) : undefined;
    this.#source = this.#connection ?? { client: client as RedisClient };
  }

  /**
   * Waits until the connection that was opened for `url` stands.
   *
   * @param ms how long, in milliseconds
   * @returns whether it does; always true with a client of one's own
   */
  async connected(ms: number): Promise<boolean> {
    return this.#connection?.ready(ms) ?? true;
  }

  async read(key: string): Promise<SharedCopy | undefined> {
    const name = this.#name(key, 'token');
    const [text, expiry, now] = await this.#look(name);
    if (text === '' || expiry === -2) return undefined;
    if (!(expiry > 0)) throw new UnreadableEntryError('no_expiry');
    const { endsAt, ...token } = openToken(text, name, this.#ring);
    const left = Math.min(expiry, endsAt - now);
    if (!(left > 0)) throw new UnreadableEntryError('ended');
    return { token, left };
  }

  async write(key: string, token: SharedToken, left: number): Promise<void> {
    const name = this.#name(key, 'token');
    const asked = performance.now();
    const now = toMilliseconds(await this.#source.client.eval(timeOfKey, 1, name));
    const endsAt = Math.floor(now + left - (performance.now() - asked));
    await this.#source.client.set(name, sealToken({ ...token, endsAt }, name, this.#ring), 'PXAT', endsAt);
  }

  async remove(key: string, value: string): Promise<void> {
    const name = this.#name(key, 'token');
    const [text] = await this.#look(name);
    if (text === '') return;
    if (openToken(text, name, this.#ring).value === value) await this.#deleteIf(name, text);
  }

  async lock(key: string, ttl: number): Promise<StoreLock | undefined> {
    const name = this.#name(key, 'lock');
    const mine = randomBytes(16).toString('base64url');
    const lock = { release: () => this.#deleteIf(name, mine) };
    const answers = await this.#source.client
      .multi()
      .set(name, mine, 'PX', Math.ceil(ttl), 'NX')
      .pttl(name)
      .exec();
    const [[failure, answer] = [], [, left] = []] = answers ?? [];
    if (failure) throw failure;
    if (answer === 'OK') return lock;
    if (typeof left === 'number' && (left === -1 || left > ttl * absurdly)) {
      await this.#source.client.set(name, mine, 'PX', Math.ceil(ttl));
      return lock;
    }
    return undefined;
  }

  async count(name: string, period: number, by: 0 | 1): Promise<StoreCount> {
    const key = this.#name(createHash('sha256').update(name).digest('base64url'), 'count');
    const answers = await this.#source.client
      .multi()
      .set(key, 0, 'PX', Math.ceil(period), 'NX')
      .incrby(key, by)
      .pttl(key)
      .exec();
    const [, [, count] = [], [, left] = []] = answers ?? [];
    if (typeof count !== 'number' || typeof left !== 'number' || count < by || left <= 0 || left > 2 * period)
      throw new UnreadableEntryError('malformed');
    return { count, resetAfter: left };
  }

  /** Closes the connection that was opened for `url`. */
  async close(): Promise<void> {
    this.#connection?.close();
  }

  /** What is there, for how long in milliseconds by Redis, and what time it is there. */
  async #look(name: string): Promise<[text: string, expiry: number, now: number]> {
    try {
      const answer = (await this.#source.client.eval(lookAtKey, 1, name, maxSealedLength)) as unknown[];
      return [String(answer[0]), Number(answer[1]), toMilliseconds(answer[2])];
    } catch (error) {
      throw String(error).includes('WRONGTYPE') ? new UnreadableEntryError('malformed') : error;
    }
  }

  async #deleteIf(name: string, value: string): Promise<void> {
    await this.#source.client.eval(deleteIfEqual, 1, name, value);
  }

  /** The token and the lock of a key are in one slot of a cluster. */
  #name(key: string, kind: 'token' | 'lock' | 'count'): string {
    return `${this.#prefix}{${key}}:${kind}`;
  }
}

/** The answer of `TIME`, seconds and microseconds as text. */
function toMilliseconds(time: unknown): number {
  const [seconds, microseconds] = (Array.isArray(time) ? time : []) as unknown[];
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
