import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testRedis } from '../../../test/support/core/redis.js';
import { RedisReplayStore } from './redis-replay-store.js';

const redis = await testRedis();

describe.skipIf(!redis)('RedisReplayStore', () => {
  const client = redis!.client;
  const prefix = `countersign-test:${randomUUID()}:`;

  it('accepts a proof once, for all instances together', async ({ onTestFinished }) => {
    onTestFinished(async () => void (await client.del(`${prefix}one`, `${prefix}two`)));
    const [here, there] = [new RedisReplayStore(client, prefix), new RedisReplayStore(client, prefix)];
    const answers = await Promise.all([here.use('one', 60), there.use('one', 60), here.use('one', 60)]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    await expect(there.use('two', 60)).resolves.toBe(true);
    await expect(here.use('two', 60)).resolves.toBe(false);
  });

  it('remembers it no longer than it must', async ({ onTestFinished }) => {
    onTestFinished(async () => void (await client.del(`${prefix}short`)));
    await new RedisReplayStore(client, prefix).use('short', 59.5);
    expect(await client.ttl(`${prefix}short`)).toBe(60);
  });

  it('ends its connection', async () => {
    await redis?.stop();
    await expect(new RedisReplayStore(client, prefix).use('late', 60)).rejects.toThrow();
  });
});

describe('RedisReplayStore without an answer', () => {
  it('gives up after its deadline', async () => {
    const store = new RedisReplayStore({ set: () => new Promise(() => undefined) }, undefined, 20);
    await expect(store.use('one', 60)).rejects.toThrow('Redis did not answer within 20 ms');
  });

  it('passes a failure on', async () => {
    const store = new RedisReplayStore({ set: () => Promise.reject(new Error('READONLY')) });
    await expect(store.use('one', 60)).rejects.toThrow('READONLY');
  });
});
