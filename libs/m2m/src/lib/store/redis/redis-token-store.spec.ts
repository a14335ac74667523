import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnreadableEntryError } from '../token-store.js';
import type { RedisClient } from './redis-client.js';
import { RedisTokenStore } from './redis-token-store.js';

const token = {
  value: `tok.${randomBytes(24).toString('hex')}`,
  scheme: 'Bearer',
  scopes: ['read:stock'],
  lifetime: 3_600,
  credential: 'c',
} as const;
const now = Date.UTC(2026, 0, 1);
const minute = 60_000;

/** A Redis that keeps what is written, and answers whatever it likes about time. */
class LyingRedis {
  kept = '';
  expiry: unknown;
  time: unknown;

  readonly client = {
    set: async (_name: string, text: string) => void (this.kept = text),
    eval: async (script: string) =>
      script.includes('getrange') ? [this.kept, this.expiry, this.time] : this.time,
  } as unknown as RedisClient;

  tellsTheTruth(): void {
    this.expiry = minute;
    this.time = [String(now / 1_000), '0'];
  }
}

describe('RedisTokenStore, where Redis lies about time', () => {
  let redis: LyingRedis;
  let store: RedisTokenStore;

  beforeEach(async () => {
    redis = new LyingRedis();
    redis.tellsTheTruth();
    store = new RedisTokenStore({ client: redis.client, keys: `a:${randomBytes(32).toString('base64')}` });
    await store.write('k', token, minute);
    expect(await store.read('k')).toMatchObject({ token, left: expect.any(Number) as number });
  });

  const reason = () =>
    store.read('k').then(
      ({ left } = { left: undefined } as never) => left,
      (error: unknown) => (error instanceof UnreadableEntryError ? error.reason : error),
    );

  it.each<[what: string, time: unknown]>([
    ['no time', undefined],
    ['no list', '1767225600'],
    ['no numbers', ['soon', 'later']],
    ['nothing of a list', []],
    ['a time after the end', [String(now / 1_000 + 3_600), '0']],
  ])('uses no token when it answers %s', async (_, time) => {
    redis.time = time;
    expect(await reason()).toBe('ended');
  });

  it.each([undefined, 'soon', Number.NaN, -1, 0])('uses no token that lives for %s more', async (expiry) => {
    redis.expiry = expiry;
    expect(await reason()).toBe('no_expiry');
  });
});
