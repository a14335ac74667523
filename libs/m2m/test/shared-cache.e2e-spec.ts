import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2mModuleOptions, M2mTokens, m2mEnv, type TokenEvent } from '../src/index.js';
import { audience, clientSecret, optionsFor, startApp } from './support/app.js';
import { startCallee, type TestCallee } from './support/callee.js';
import { FakeClock } from './support/fake-clock.js';
import { FakeStore } from './support/fake-store.js';
import { startIssuer, type TestIssuer } from './support/issuer.js';
import { errorOf } from './support/leaks.js';
import { testRedis } from './support/redis.js';

const redis = await testRedis();
const keys = `a:${randomBytes(32).toString('base64')}`;

let issuer: TestIssuer;
let callee: TestCallee;
let closers: (() => Promise<void>)[];

beforeEach(async () => {
  issuer = await startIssuer();
  callee = await startCallee();
  closers = [() => issuer.close(), () => callee.close()];
});

afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

afterAll(() => redis?.stop());

const start = async (extra: Partial<M2mModuleOptions>) => {
  const app = await startApp(optionsFor(issuer, callee, extra));
  closers.push(() => app.close());
  return app;
};
const request = { audience, scopes: ['read:stock', 'write:reservations'] };

describe.skipIf(redis === undefined)('instances with one shared cache', () => {
  // The client's id is in the cache's keys, so each run has tokens of its own.
  const clientId = `orders-${randomBytes(6).toString('hex')}`;
  const url = redis?.url ?? '';

  it('have one token, from the environment’s settings on', async () => {
    const env = m2mEnv({ service: 'orders' }, { inventory: request }).parse({
      AUTH_ISSUER: issuer.issuer,
      M2M_CLIENT_ID: clientId,
      M2M_CLIENT_SECRET: clientSecret,
      INVENTORY_URL: callee.url,
      M2M_REDIS_URL: url,
      M2M_CACHE_KEYS: keys,
    });
    const [one, two] = [await start(env), await start(env)];
    const first = await one.tokens.getToken(request);
    await one.close();
    closers.splice(2, 1);
    expect((await two.tokens.getToken(request)).value).toBe(first.value);
    expect(issuer.seen).toHaveLength(1);
  });

  it('with another secret have tokens of their own', async () => {
    const store = { url, keys };
    const one = await start({ clientId, store });
    const two = await start({ clientId, store, clientSecret: 'another-secret-0123456789abcdef' });
    const first = await one.tokens.getToken(request);
    expect((await two.tokens.getToken(request)).value).not.toBe(first.value);
  });

  it('say when the cache holds what they cannot use', async () => {
    const events: TokenEvent[] = [];
    const one = await start({ clientId, store: { url, keys } });
    const other = `a:${randomBytes(32).toString('base64')}`;
    const two = await start({
      clientId,
      store: { url, keys: other },
      onTokenEvent: (event) => events.push(event),
    });
    await one.tokens.getToken(request);
    await one.close();
    closers.splice(2, 1);
    await two.tokens.getToken(request);
    expect(events).toContainEqual({ type: 'store_refused', audience, reason: 'not_authentic' });
  });
});

describe('a shared cache', () => {
  it('that is away stops neither the boot nor a call', async () => {
    const { tokens } = await start({ store: { url: 'redis://127.0.0.1:1', keys } });
    expect((await tokens.getToken(request)).audience).toBe(audience);
  });

  it('that cannot work stops the boot with every problem at once', async () => {
    const error = await errorOf(start({ clientId: '', store: { url: 'http://cache', keys: 'a:b,' } }));
    expect(error).toMatchObject({
      code: 'options_invalid',
      problems: [
        'clientId is not set: it is the id of this service at the authorization server.',
        'store.url must be a redis:// or rediss:// URL.',
        'store.keys: entry 1 must be id:key, with a key of 32 random bytes in base64.',
        'store.keys: entry 2 must be id:key, with a key of 32 random bytes in base64.',
      ],
    });
  });

  it('that is ready works without the module; one that is yet to be opened does not', async () => {
    const options = optionsFor(issuer, callee);
    const store = new FakeStore(new FakeClock());
    await new M2mTokens({ ...options, store }).getToken(request);
    expect(store.asked).toContain('lock');
    expect(() => new M2mTokens({ ...options, store: { url: 'redis://127.0.0.1:1', keys } })).toThrow(
      expect.objectContaining({ code: 'options_invalid' }),
    );
  });

  it('is loaded only where it is used: nothing that the main entry imports needs ioredis', async () => {
    const source = fileURLToPath(new URL('../src/', import.meta.url));
    const loaded = async (file: string, seen = new Set<string>()): Promise<Set<string>> => {
      if (seen.has(file)) return seen;
      seen.add(file);
      const text = await readFile(file, 'utf8');
      for (const [, type, path = ''] of text.matchAll(/^(?:import|export) (type )?[^;]*?from '([^']+)'/gm))
        if (!type && path.startsWith('.'))
          await loaded(resolve(dirname(file), path.replace('.js', '.ts')), seen);
        else if (!type) seen.add(path);
      return seen;
    };
    const main = await loaded(resolve(source, 'index.ts'));
    expect(main).toContain('oauth4webapi');
    expect(main).not.toContain('ioredis');
    expect(await loaded(resolve(source, 'redis.ts'))).toContain('ioredis');
  });
});
