import { within } from '../time/within.js';
import type { ReplayStore } from './replay-store.js';

/** The one command of a Redis client that is used; a client of `ioredis` has it. */
export interface RedisSet {
  set(key: string, value: string, expiry: 'EX', seconds: number, condition: 'NX'): Promise<'OK' | null>;
}

/**
 * Remembers used proofs in Redis, for all instances of a service. Where Redis does not answer in time the proof is
 * not accepted.
 *
 * @example
 * ```ts
 * new RedisReplayStore(new Redis(url, { maxRetriesPerRequest: 1 }));
 * ```
 */
export class RedisReplayStore implements ReplayStore {
  /**
   * @param redis the client; opening and closing it is its owner's business
   * @param prefix of its keys; default `countersign:dpop:`
   * @param timeoutMs how long an answer may take, in milliseconds; default 500
   */
  constructor(
    private readonly redis: RedisSet,
    private readonly prefix = 'countersign:dpop:',
    private readonly timeoutMs = 500,
  ) {}

  async use(id: string, seconds: number): Promise<boolean> {
    const answer = this.redis.set(this.prefix + id, '1', 'EX', Math.ceil(seconds), 'NX');
    return (await within(this.timeoutMs, 'Redis', answer)) === 'OK';
  }
}
