import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { testRedis } from '../../../test/support/core/redis.js';
import type { VerifiedToken } from '../verifier/verified-token.js';
import { RedisDenylist } from './redis-denylist.js';

const redis = await testRedis();
const token = (clientId: string, tokenId?: string, issuer = 'https://a.example/') =>
  ({ clientId, tokenId, issuer }) as VerifiedToken;
const later = Math.floor(Date.now() / 1_000) + 600;

describe.skipIf(!redis)('RedisDenylist', () => {
  const client = redis!.client;
  const prefix = `countersign-test:${randomUUID()}:`;
  const open: RedisDenylist[] = [];

  async function started(): Promise<RedisDenylist> {
    const list = new RedisDenylist(client, prefix);
    open.push(list);
    await list.start();
    return list;
  }

  afterEach(async () => {
    for (const list of open.splice(0)) list.close();
    await client.del(`${prefix}tokens`, `${prefix}clients`);
  });

  afterAll(() => redis?.stop());

  it('takes effect on every instance at once', async () => {
    const [here, there] = [await started(), await started()];
    expect(there.denies(token('a', 'one'))).toBe(false);
    await here.denyToken('one', later);
    await here.denyClient('b');
    expect([here.denies(token('a', 'one')), here.denies(token('b'))]).toEqual([true, true]);
    await vi.waitFor(() =>
      expect([there.denies(token('a', 'one')), there.denies(token('b'))]).toEqual([true, true]),
    );
    expect(there.denies(token('a', 'two'))).toBe(false);
    await there.allowClient('b');
    await vi.waitFor(() => expect(here.denies(token('b'))).toBe(false));
  });

  it('denies a client of one issuer, and not its namesake at another, on every instance', async () => {
    const here = await started();
    const issuer = 'https://a.example/';
    const denied = (list: RedisDenylist) =>
      [issuer, 'https://b.example/'].map((of) => list.denies(token('b', undefined, of)));
    await here.denyClient('b', { issuer, until: later });
    const there = await started();
    expect([denied(here), denied(there)]).toEqual([
      [true, false],
      [true, false],
    ]);
    await here.allowClient('b', { issuer });
    await vi.waitFor(() => expect(denied(there)).toEqual([false, false]));
    await here.denyClient('b', { issuer });
    await vi.waitFor(() => expect(denied(there)).toEqual([true, false]));
  });

  it('knows what was denied before it started', async () => {
    const before = await started();
    await before.denyToken('one', later);
    await before.denyClient('b', later);
    await before.denyClient('c');
    const list = await started();
    expect(['one', 'two'].map((id) => list.denies(token('a', id)))).toEqual([true, false]);
    expect(['b', 'c', 'd'].map((id) => list.denies(token(id)))).toEqual([true, true, false]);
  });

  it('keeps no entry of a token that has long expired', async () => {
    const list = await started();
    await list.denyToken('old', 1_000);
    await list.denyToken('new', later);
    expect(await client.zrange(`${prefix}tokens`, 0, -1)).toEqual(['new']);
  });

  it('hears of what changed while it was cut off, as soon as it is back', async () => {
    const lost: { subscriber?: Redis; id?: Promise<unknown> } = {};
    let back: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (back = resolve));
    const cutOff = new RedisDenylist(
      {
        zadd: (key, score, member) => client.zadd(key, score, member),
        zrem: (key, member) => client.zrem(key, member),
        zrange: (key, start, stop, withScores) => client.zrange(key, start, stop, withScores),
        zremrangebyscore: (key, least, most) => client.zremrangebyscore(key, least, most),
        publish: (channel, message) => client.publish(channel, message),
        duplicate: () => {
          const subscriber = client.duplicate({ retryStrategy: () => 50, lazyConnect: false });
          lost.subscriber = subscriber;
          lost.id = subscriber.client('ID');
          const connect = subscriber.connect.bind(subscriber);
          subscriber.connect = () => gate.then(() => connect());
          return subscriber;
        },
      },
      prefix,
    );
    open.push(cutOff);
    await cutOff.start();
    const other = await started();
    await other.denyClient('heard');
    await vi.waitFor(() => expect(cutOff.denies(token('heard'))).toBe(true));

    const closed = new Promise((resolve) => lost.subscriber?.once('close', resolve));
    await client.client('KILL', 'ID', Number(await lost.id));
    await closed;
    await other.denyClient('missed');
    await other.allowClient('heard');
    expect(['heard', 'missed'].map((id) => cutOff.denies(token(id)))).toEqual([true, false]);

    back?.();
    await vi.waitFor(
      () => expect(['heard', 'missed'].map((id) => cutOff.denies(token(id)))).toEqual([false, true]),
      { timeout: 10_000 },
    );
    await other.denyClient('later');
    await vi.waitFor(() => expect(cutOff.denies(token('later'))).toBe(true));
  });

  it('is not disturbed by junk on its channel', async () => {
    const list = await started();
    for (const junk of ['', '{', '[]', '["tokens",1,2]', '["other","a",1]', 'null']) {
      await client.publish(`${prefix}changes`, junk);
    }
    await list.denyClient('b');
    expect([list.denies(token('a')), list.denies(token('b'))]).toEqual([false, true]);
  });
});

describe('RedisDenylist that was not loaded', () => {
  it('denies every token', () => {
    const list = new RedisDenylist({} as never);
    expect(list.denies(token('a', 'one'))).toBe(true);
  });
});

describe('RedisDenylist that is back while the list cannot be read', () => {
  afterEach(() => vi.useRealTimers());

  it('keeps its copy and tries again, at growing intervals, until it can', async () => {
    vi.useFakeTimers();
    const listeners = new Map<string, () => void>();
    let fail = false;
    const reads = vi.fn(async (): Promise<string[]> => {
      if (fail) throw new Error('LOADING');
      return ['b', 'inf'];
    });
    const list = new RedisDenylist({
      zrange: reads,
      duplicate: () => ({
        subscribe: async () => 1,
        on: (event: string, listener: () => void) => listeners.set(event, listener),
        disconnect: () => undefined,
      }),
    } as never);
    await list.start();
    expect(list.denies(token('b'))).toBe(true);

    fail = true;
    reads.mockClear();
    listeners.get('ready')?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(reads).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(reads).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(999);
    expect(reads).toHaveBeenCalledTimes(2);
    expect([list.denies(token('a')), list.denies(token('b'))]).toEqual([false, true]);

    fail = false;
    await vi.advanceTimersByTimeAsync(1);
    expect(reads).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toHaveBeenCalledTimes(4);
    list.close();
  });

  it('takes what the last of several loads read, however late another one answers', async () => {
    const listeners = new Map<string, () => void>();
    const waiting: ((entries: string[]) => void)[] = [];
    let slow = false;
    const list = new RedisDenylist({
      zrange: (key: string) =>
        key.endsWith('clients') && slow
          ? new Promise<string[]>((resolve) => waiting.push(resolve))
          : Promise.resolve([]),
      duplicate: () => ({
        subscribe: async () => 1,
        on: (event: string, listener: () => void) => listeners.set(event, listener),
        disconnect: () => undefined,
      }),
    } as never);
    await list.start();
    slow = true;
    listeners.get('ready')?.();
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    listeners.get('ready')?.();
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.(['new', 'inf']);
    await vi.waitFor(() => expect(list.denies(token('new'))).toBe(true));
    waiting[0]?.(['old', 'inf']);
    await new Promise((resolve) => setImmediate(resolve));
    expect([list.denies(token('new')), list.denies(token('old'))]).toEqual([true, false]);
    list.close();
  });

  it('waits no longer than it may for a list that does not come', async () => {
    const subscriber = { subscribe: async () => 1, on: () => undefined, disconnect: () => undefined };
    const silent = { zrange: () => new Promise(() => undefined), duplicate: () => subscriber };
    const list = new RedisDenylist(silent as never, undefined, undefined, 20);
    await expect(list.start()).rejects.toThrow('within 20 ms');
    expect(list.denies(token('a'))).toBe(true);
    list.close();
  });
});
