import { Redis } from 'ioredis';
import { containStream } from './contain-stream.js';

const connectMs = 2_000;
const silenceMs = 2_000;
const longestPauseMs = 5_000;

/**
 * A connection that never makes anybody wait: a command that cannot be sent at once is rejected, one that was under way
 * when the connection broke is not sent again, and a server that is silent for 2 seconds is connected to anew. It
 * reconnects by itself, after up to 5 seconds, at random, and where a failover left it at a replica. An answer that makes
 * no sense ends the connection, and never the process.
 */
export class RedisConnection {
  readonly #redis: Redis;
  #lastError = Object.assign(new Error('Redis is not connected'), { code: 'not_connected' }) as Error;

  /** @param url `redis://` or, with TLS, `rediss://` */
  constructor(url: string) {
    this.#redis = new Redis(url, {
      connectionName: 'countersign-m2m',
      connectTimeout: connectMs,
      socketTimeout: silenceMs,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      reconnectOnError: ({ message }) => message.startsWith('READONLY'),
      retryStrategy: (times) => 20 + Math.random() * Math.min(longestPauseMs, 100 * 2 ** Math.min(times, 10)),
    });
    this.#redis.on('error', (error: Error) => (this.#lastError = error));
    this.#redis.on('connect', () => containStream(this.#redis.stream));
  }

  /**
   * The client, where the connection stands.
   *
   * @throws the reason why it does not
   */
  get client(): Redis {
    if (this.#redis.status === 'ready') return this.#redis;
    throw this.#lastError;
  }

  /**
   * Waits until the connection stands.
   *
   * @param ms milliseconds
   * @returns whether it does
   */
  async ready(ms: number): Promise<boolean> {
    const redis = this.#redis;
    if (redis.status !== 'ready')
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          redis.off('ready', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        redis.on('ready', done);
      });
    return redis.status === 'ready';
  }

  /** Ends the connection, and what is under way on it. */
  close(): void {
    this.#redis.disconnect();
  }
}
