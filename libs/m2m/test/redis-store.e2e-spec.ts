import { randomBytes } from 'node:crypto';
import { createServer, type TlsOptions } from 'node:tls';
import { connect, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SharedToken, type TokenEvent, TokenManager, UnreadableEntryError } from '../src/index.js';
import { RedisTokenStore } from '../src/redis.js';
import { startAuthority, type TestCertificate } from './support/certificates.js';
import { FakeEndpoint } from './support/fake-endpoint.js';
import { type FaultProxy, startFaultProxy } from './support/fault-proxy.js';
import { testRedis } from './support/redis.js';

const redis = await testRedis();
const keys = `a:${randomBytes(32).toString('base64')}`;
const older = `b:${randomBytes(32).toString('base64')}`;
const api = { audience: 'https://inventory.example', scopes: ['read:stock'] };
const token: SharedToken = {
  value: `tok.${randomBytes(24).toString('hex')}`,
  scheme: 'Bearer',
  scopes: ['read:stock'],
  lifetime: 3_600,
  credential: 'c',
};
const minute = 60_000;

describe.skipIf(redis === undefined)('RedisTokenStore', () => {
  const { client, prefix, port, url } = redis ?? ({} as NonNullable<typeof redis>);
  let proxy: FaultProxy;
  let closers: (() => Promise<void>)[];

  beforeEach(async () => {
    proxy = await startFaultProxy(port);
    closers = [() => proxy.close()];
  });

  afterEach(async () => {
    for (const close of closers.reverse()) await close();
    await redis?.clear();
  });

  afterAll(() => redis?.stop());

  const open = async (options: { url?: string; keys?: string } = {}) => {
    const store = new RedisTokenStore({ url, keys, prefix, ...options });
    closers.push(() => store.close());
    expect(await store.connected(10_000)).toBe(true);
    return store;
  };
  const throughProxy = () => open({ url: `redis://127.0.0.1:${proxy.port}` });
  const tokenName = (key = 'k') => `${prefix}{${key}}:token`;
  const lockName = (key = 'k') => `${prefix}{${key}}:lock`;
  const reasonOf = (read: Promise<unknown>) =>
    read.then(
      () => 'read',
      (error: unknown) => (error instanceof UnreadableEntryError ? error.reason : String(error)),
    );

  describe('a shared token', () => {
    it('is read as it was written, with what is left of it', async () => {
      const store = await open();
      await store.write('k', token, minute);
      const copy = await store.read('k');
      expect(copy?.token).toEqual(token);
      expect(copy?.left).toBeGreaterThan(minute - 10_000);
      expect(copy?.left).toBeLessThanOrEqual(minute);
      expect(await store.read('other')).toBeUndefined();
    });

    it('cannot be seen in Redis, neither in a name nor in a value', async () => {
      await (await open()).write('k', token, minute);
      const names = await client.keys(`${prefix}*`);
      const text = [...names, ...(await client.mget(names))].join();
      for (const secret of [token.value, 'read:stock', Buffer.from(token.value).toString('base64url')])
        expect(text).not.toContain(secret);
    });

    it('leaves Redis when it ends', async () => {
      const store = await open();
      await store.write('k', token, 50);
      await vi.waitFor(async () => expect(await client.exists(tokenName())).toBe(0));
      expect(await store.read('k')).toBeUndefined();
    });

    it('that ended while it was written is not there', async () => {
      const store = await open();
      await store.write('k', token, -1_000);
      expect(await store.read('k')).toBeUndefined();
    });

    it('is taken away if it is the one that is meant', async () => {
      const store = await open();
      await store.write('k', token, minute);
      await store.remove('k', 'another');
      expect(await client.exists(tokenName())).toBe(1);
      await store.remove('k', token.value);
      expect(await client.exists(tokenName())).toBe(0);
    });

    it('outlives the rotation of the key', async () => {
      await (await open({ keys: older })).write('k', token, minute);
      const rotated = await open({ keys: `${keys},${older}` });
      expect((await rotated.read('k'))?.token).toEqual(token);
      await rotated.write('k', token, minute);
      expect(await client.get(tokenName())).toMatch(/^v1\.a\./);
      expect((await (await open()).read('k'))?.token).toEqual(token);
      expect(await reasonOf((await open({ keys: older })).read('k'))).toBe('key_unknown');
    });
  });

  describe('what is no token of ours is not used', () => {
    it.each([
      ['garbage', () => client.set(tokenName(), 'garbage', 'PX', minute), 'malformed'],
      [
        'a megabyte',
        () => client.set(tokenName(), 'v1.a.'.padEnd(1_048_576, 'A'), 'PX', minute),
        'malformed',
      ],
      ['a list', () => client.rpush(tokenName(), 'x'), 'malformed'],
      [
        'a token copied from another name',
        () => client.copy(tokenName('other'), tokenName()),
        'not_authentic',
      ],
      ['a token that never expires', () => client.persist(tokenName()), 'no_expiry'],
    ])('%s', async (_name, spoil, reason) => {
      const store = await open();
      await store.write('k', token, minute);
      await store.write('other', token, minute);
      if (reason !== 'no_expiry') await client.del(tokenName());
      await spoil();
      expect(await reasonOf(store.read('k'))).toBe(reason);
      await store.write('k', token, minute);
      expect(await reasonOf(store.read('k'))).toBe('read');
    });
  });

  it('an old copy that somebody puts back is known as ended', async () => {
    const store = await open();
    await store.write('k', token, 500);
    const old = (await client.get(tokenName())) ?? '';
    await client.set(tokenName(), old, 'PX', minute);
    expect((await store.read('k'))?.left).toBeLessThanOrEqual(500);
    await vi.waitFor(async () => expect(await reasonOf(store.read('k'))).toBe('ended'));
  });

  describe('the right to mint', () => {
    it('is one instance’s, until it gives it back', async () => {
      const [one, two] = [await open(), await open()];
      const lock = await one.lock('k', minute);
      expect(await two.lock('k', minute)).toBeUndefined();
      await lock?.release();
      expect(await two.lock('k', minute)).toBeDefined();
    });

    it('ends by itself', async () => {
      const [one, two] = [await open(), await open()];
      await one.lock('k', 50);
      await vi.waitFor(async () => expect(await two.lock('k', minute)).toBeDefined());
    });

    it('of another is not given back', async () => {
      const [one, two] = [await open(), await open()];
      const lock = await one.lock('k', minute);
      await client.del(lockName());
      await two.lock('k', minute);
      await lock?.release();
      expect(await client.exists(lockName())).toBe(1);
    });

    it('that nobody can have taken is taken over', async () => {
      const store = await open();
      await client.set(lockName(), 'somebody');
      expect(await store.lock('k', 8_000)).toBeDefined();
      expect(await client.pttl(lockName())).toBeLessThanOrEqual(8_000);
    });

    it('is in the token’s slot of a cluster', async () => {
      const store = await open();
      await store.write('k', token, minute);
      await store.lock('k', minute);
      const names = (await client.keys(`${prefix}*`)).sort();
      expect(names).toEqual([lockName(), tokenName()]);
      expect(new Set(names.map((name) => /\{(.+?)\}/.exec(name)?.[1]))).toEqual(new Set(['k']));
    });
  });

  describe('a count', () => {
    it('is everybody’s, and starts anew after its period', async () => {
      const [one, two] = [await open(), await open()];
      expect([(await one.count('n', 200, 1)).count, (await two.count('n', 200, 1)).count]).toEqual([1, 2]);
      expect((await one.count('n', 200, 0)).count).toBe(2);
      await vi.waitFor(async () => expect((await two.count('n', minute, 0)).count).toBe(0));
    });

    it('that is no number is not read', async () => {
      const store = await open();
      await store.count('n', minute, 1);
      const [name = ''] = await client.keys(`${prefix}*`);
      await client.set(name, 'many', 'PX', minute);
      expect(await reasonOf(store.count('n', minute, 1))).toBe('malformed');
    });
  });

  describe('Redis goes wrong, and no call fails', () => {
    const manager = (store: RedisTokenStore, timeout = 250) => {
      const endpoint = new FakeEndpoint();
      const events: TokenEvent[] = [];
      const tokens = new TokenManager(endpoint, {
        shared: { store, client: ['issuer', 'orders'], credential: async () => 'c', timeout },
        onEvent: (event) => events.push(event),
      });
      return { endpoint, events, tokens };
    };
    const types = (events: TokenEvent[]) => events.map(({ type }) => type);

    it('control: all is well, and the token is shared', async () => {
      const [one, two] = [manager(await throughProxy(), 5_000), manager(await open(), 5_000)];
      const first = await one.tokens.getToken(api);
      await one.tokens.idle();
      expect((await two.tokens.getToken(api)).value).toBe(first.value);
      expect([types(one.events), types(two.events)]).toEqual([['minted'], ['shared']]);
    });

    it('10,000 parallel cold callers in one process cost one token', async () => {
      const { tokens, endpoint } = manager(await open(), 10_000);
      const got = await Promise.all(Array.from({ length: 10_000 }, () => tokens.getToken(api)));
      expect([endpoint.mints, new Set(got).size]).toEqual([1, 1]);
      await tokens.idle();
    });

    it('away from the start', async () => {
      await proxy.close();
      const store = new RedisTokenStore({ url: `redis://127.0.0.1:${proxy.port}`, keys, prefix });
      closers = [() => store.close()];
      expect(await store.connected(100)).toBe(false);
      const { tokens, events } = manager(store);
      expect((await tokens.getToken(api)).audience).toBe(api.audience);
      expect(events).toMatchObject([{ type: 'store_lost', reason: 'ECONNREFUSED' }, { type: 'minted' }]);
    });

    it('cut: the call goes on, and the connection comes back', async () => {
      const store = await throughProxy();
      proxy.set('cut');
      const { tokens, events } = manager(store);
      await tokens.getToken(api);
      expect(types(events)).toEqual(['store_lost', 'minted']);
      proxy.set('pass');
      expect(await store.connected(15_000)).toBe(true);
    });

    it('away at first: it is waited for', async () => {
      proxy.set('cut');
      const store = new RedisTokenStore({ url: `redis://127.0.0.1:${proxy.port}`, keys, prefix });
      closers.push(() => store.close());
      expect(await store.connected(300)).toBe(false);
      const connected = store.connected(15_000);
      proxy.set('pass');
      expect(await connected).toBe(true);
    });

    it('stalled: the call goes on, and the connection is made anew', async () => {
      const store = await throughProxy();
      proxy.set('stall');
      const { tokens, events } = manager(store);
      await tokens.getToken(api);
      expect(events).toMatchObject([{ type: 'store_lost', reason: 'timeout' }, { type: 'minted' }]);
      await vi.waitFor(async () => expect(await store.connected(1)).toBe(false), { timeout: 15_000 });
      proxy.set('pass');
      expect(await store.connected(15_000)).toBe(true);
    });

    it('stalled while a token is written: late, it still ends when it should', async () => {
      const store = await throughProxy();
      proxy.set('stall');
      const writing = store.write('k', token, minute).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 500));
      proxy.set('pass');
      await writing;
      const left = await client.pttl(tokenName());
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(minute - 500);
    });

    it('garbled: the call goes on', async () => {
      const store = await throughProxy();
      await manager(await open(), 5_000).tokens.getToken(api);
      proxy.set('garble');
      const { tokens } = manager(store);
      expect((await tokens.getToken(api)).audience).toBe(api.audience);
    });

    it('TLS by rediss://: a server that is trusted is used, one that is not is not sent anything', async () => {
      const authority = await startAuthority();
      const tls = await startTlsProxy(port, await authority.issue('redis'));
      closers.push(() => tls.close());
      const trusting = new Redis(`rediss://127.0.0.1:${tls.port}`, { tls: { ca: authority.ca } });
      closers.push(async () => trusting.disconnect());
      const trusted = manager(new RedisTokenStore({ client: trusting, keys, prefix }), 10_000);
      await trusted.tokens.getToken(api);
      await trusted.tokens.idle();
      expect([types(trusted.events), (await client.keys(`${prefix}*`)).length]).toEqual([['minted'], 1]);
      await redis?.clear();

      const store = new RedisTokenStore({ url: `rediss://127.0.0.1:${tls.port}`, keys, prefix });
      closers.push(() => store.close());
      expect(await store.connected(500)).toBe(false);
      const { tokens, events } = manager(store);
      expect((await tokens.getToken(api)).audience).toBe(api.audience);
      const [lost] = events;
      expect(lost?.type === 'store_lost' && lost.reason).toMatch(/CERT|SIGNATURE/);
      expect(await client.keys(`${prefix}*`)).toEqual([]);
    });

    it('another password: the call goes on, and nothing tells the password', async () => {
      const store = new RedisTokenStore({ url: `redis://:hunter2-hunter2@127.0.0.1:${port}`, keys, prefix });
      closers.push(() => store.close());
      const { tokens, events } = manager(store);
      expect((await tokens.getToken(api)).audience).toBe(api.audience);
      expect(JSON.stringify(events)).not.toContain('hunter2');
    });
  });
});

/** Ends TLS in front of a port on 127.0.0.1. */
async function startTlsProxy(target: number, { certificate: cert, key }: TestCertificate) {
  const options: TlsOptions = { cert, key };
  const server = createServer(options, (socket) => {
    const behind = connect(target, '127.0.0.1');
    socket.on('error', () => behind.destroy()).on('close', () => behind.destroy());
    behind.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: async () => void server.close() };
}
