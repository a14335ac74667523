import { within } from '../time/within.js';
import type { Denylist } from '../verifier/denylist.js';
import type { VerifiedToken } from '../verifier/verified-token.js';
import { applyChange, type Change, clientName, readChange } from './denylist-change.js';
import { type ClientDenial, denialOf, MemoryDenylist } from './memory-denylist.js';

/** What is used of a Redis client; a client of `ioredis` has it. */
export interface RedisDenylistClient {
  zadd(key: string, score: number | string, member: string): Promise<unknown>;
  zrem(key: string, member: string): Promise<unknown>;
  zrange(key: string, start: number, stop: number, withScores: 'WITHSCORES'): Promise<string[]>;
  zremrangebyscore(key: string, least: string, most: number): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  duplicate(): RedisSubscriber;
}

/** A connection of its own on which changes are heard. */
export interface RedisSubscriber {
  subscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...values: never[]) => void): unknown;
  disconnect(): void;
}

/** Entries are kept for as long as the largest clock tolerance beyond their expiry, in seconds. */
const TOLERANCE = 60;
/** Waits before the list is loaded again after a failure, in milliseconds: the first and the longest. */
const RETRY = { first: 500, longest: 30_000 };

/**
 * A denylist in Redis for all instances of a service. Each holds a copy in memory that hears of every change at
 * once, so asking it costs no round trip. While Redis is away the copy stays as it was; it is loaded anew as soon as
 * the connection is back. Until it was loaded for the first time every token is denied.
 *
 * @example
 * ```ts
 * const denylist = new RedisDenylist(new Redis(url));
 * await denylist.start();
 * await denylist.denyClient('inventory');
 * ```
 */
export class RedisDenylist implements Denylist {
  #copy: MemoryDenylist | undefined;
  #subscriber: RedisSubscriber | undefined;
  /** Changes that came while the list was being loaded. */
  #heard: Change[] | undefined;
  /** The load that counts: a newer one takes the place of one that is under way. */
  #generation = 0;
  #retry: NodeJS.Timeout | undefined;

  /**
   * @param redis the client; opening and closing it is its owner's business
   * @param prefix of its keys and its channel; default `countersign:denylist:`
   * @param clock milliseconds since the epoch; default `Date.now`
   * @param timeoutMs how long loading the list may take, in milliseconds; default 10,000
   */
  constructor(
    private readonly redis: RedisDenylistClient,
    private readonly prefix = 'countersign:denylist:',
    private readonly clock: () => number = Date.now,
    private readonly timeoutMs = 10_000,
  ) {}

  /**
   * Loads the list and listens for changes.
   *
   * @throws the error of the client when the list cannot be loaded, or an error of its own when that takes too long
   */
  async start(): Promise<void> {
    const subscriber = this.redis.duplicate();
    this.#subscriber = subscriber;
    subscriber.on('error', () => undefined);
    subscriber.on('message', (_channel: string, message: string) => this.#hear(message));
    await this.#listenAndLoad(subscriber);
    subscriber.on('ready', () => void this.#recover(subscriber, RETRY.first));
  }

  denies(token: VerifiedToken): boolean {
    return this.#copy?.denies(token) ?? true;
  }

  /**
   * Denies one token, everywhere.
   *
   * @param tokenId its `jti`
   * @param until when it expires, in seconds since the epoch
   */
  async denyToken(tokenId: string, until: number): Promise<void> {
    await this.#change(['tokens', tokenId, until]);
  }

  /**
   * Denies every token of a client, everywhere.
   *
   * @param denial of which issuer, and until when; a number is `until`. Default: at every issuer, until
   * {@link allowClient}
   */
  async denyClient(clientId: string, denial: ClientDenial | number = {}): Promise<void> {
    const { issuer, until = 'forever' } = denialOf(denial);
    await this.#change(['clients', clientName(clientId, issuer), until]);
  }

  /**
   * Takes a client off the list.
   *
   * @param denied as it was denied: with its issuer, or without
   */
  async allowClient(clientId: string, { issuer }: Pick<ClientDenial, 'issuer'> = {}): Promise<void> {
    await this.#change(['clients', clientName(clientId, issuer), 'allowed']);
  }

  /** Stops listening. The copy stays as it is. */
  close(): void {
    clearTimeout(this.#retry);
    this.#subscriber?.disconnect();
    this.#subscriber = undefined;
  }

  async #change(change: Change): Promise<void> {
    const [list, name, until] = change;
    const key = this.#key(list);
    if (until === 'allowed') await this.redis.zrem(key, name);
    else await this.redis.zadd(key, until === 'forever' ? '+inf' : until, name);
    await this.redis.publish(this.#key('changes'), JSON.stringify(change));
    await this.redis.zremrangebyscore(key, '-inf', this.clock() / 1_000 - TOLERANCE);
    this.#apply(change);
  }

  /** First the ear, then the list: a change in between is in one of them. */
  async #listenAndLoad(subscriber: RedisSubscriber): Promise<void> {
    const loaded = subscriber.subscribe(this.#key('changes')).then(() => this.#load());
    await within(this.timeoutMs, 'Redis', loaded);
  }

  /** After a connection was lost: what happened meanwhile was not heard. Tried until it succeeds. */
  async #recover(subscriber: RedisSubscriber, waitMs: number): Promise<void> {
    clearTimeout(this.#retry);
    if (this.#subscriber !== subscriber) return;
    try {
      await this.#listenAndLoad(subscriber);
    } catch {
      if (this.#subscriber !== subscriber) return;
      const next = Math.min(waitMs * 2, RETRY.longest);
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => void this.#recover(subscriber, next), waitMs).unref();
    }
  }

  async #load(): Promise<void> {
    const generation = ++this.#generation;
    const heard: Change[] = [];
    this.#heard = heard;
    const fresh = new MemoryDenylist(this.clock);
    for (const list of ['tokens', 'clients'] as const) {
      const entries = await this.redis.zrange(this.#key(list), 0, -1, 'WITHSCORES');
      for (let index = 0; index + 1 < entries.length; index += 2) {
        const until = entries[index + 1] as string;
        applyChange(fresh, [list, entries[index] as string, until === 'inf' ? 'forever' : Number(until)]);
      }
    }
    if (generation !== this.#generation) return;
    for (const change of heard) applyChange(fresh, change);
    this.#heard = undefined;
    this.#copy = fresh;
  }

  #hear(message: string): void {
    const change = readChange(message);
    if (change) this.#apply(change);
  }

  #apply(change: Change): void {
    this.#heard?.push(change);
    if (this.#copy) applyChange(this.#copy, change);
  }

  #key(name: string): string {
    return this.prefix + name;
  }
}
