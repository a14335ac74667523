import { LRUCache } from 'lru-cache';

/** The most buckets that are kept; the one used longest ago makes way. */
const maxBuckets = 10_000;

/** One address may ask this many times more often than one client from it. */
const addressFactor = 10;

interface Bucket {
  tokens: number;
  /** Milliseconds. */
  at: number;
}

/** What a request finds. */
export interface RateAnswer {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until another request is answered; 0 where this one is. */
  readonly retryAfter: number;
}

/** Token buckets, for each client from each address and for each address, in bounded memory. */
export class RateLimit {
  readonly #buckets = new LRUCache<string, Bucket>({ max: maxBuckets });

  /**
   * @param perSecond requests a second of one client from one address, and the most at once
   * @param now milliseconds
   */
  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param clientId as the request claims it */
  take(address: string, clientId: string | undefined): RateAnswer {
    const own = this.#take(JSON.stringify([address, clientId ?? '']), this.perSecond);
    const shared = this.#take(address, this.perSecond * addressFactor);
    return own.retryAfter >= shared.retryAfter ? own : shared;
  }

  #take(key: string, limit: number): RateAnswer {
    const now = this.now();
    const bucket = this.#buckets.get(key) ?? { tokens: limit, at: now };
    const tokens = Math.min(limit, bucket.tokens + ((now - bucket.at) / 1_000) * limit);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    this.#buckets.set(key, { tokens: left, at: now });
    const retryAfter = allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / limit));
    return { limit, remaining: Math.floor(left), retryAfter };
  }
}
