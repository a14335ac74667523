import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import { FakeEndpoint, refusal } from '../../../test/support/fake-endpoint.js';
import { FakeStore } from '../../../test/support/fake-store.js';
import { codeOf } from '../../../test/support/leaks.js';
import type { MintedToken } from '../tokens/minted-token.js';
import { SubjectToken } from '../tokens/subject-token.js';
import type { TokenEvent } from '../tokens/token-event.js';
import { TokenManager } from '../tokens/token-manager.js';

const api = { audience: 'https://inventory.example', scopes: ['read:stock'] };
const second = 1_000;

let clock: FakeClock;
let endpoint: FakeEndpoint;
let store: FakeStore;
let events: TokenEvent[];

beforeEach(() => {
  clock = new FakeClock();
  endpoint = new FakeEndpoint();
  store = new FakeStore(clock);
  events = [];
});

/** One instance of the service. */
const instance = (credential = 'of the client', by: { clock?: FakeClock; client?: string } = {}) =>
  new TokenManager(endpoint, {
    clock: by.clock ?? clock,
    shared: { store, client: ['issuer', by.client ?? 'orders'], credential: async () => credential },
    onEvent: (event) => events.push(event),
  });
const fleet = (size: number) => Array.from({ length: size }, () => instance());
const types = () => events.map(({ type }) => type);
/** Runs everything that is due within this time, and hands on the result. */
const within = async <T>(ms: number, wait: Promise<T>): Promise<T> => {
  wait.catch(() => undefined);
  await clock.advance(ms);
  return wait;
};
/** A token as another process left it. */
const leaveToken = async () => {
  const token = await instance().getToken(api);
  await settle();
  return token;
};

describe('one mint for the fleet', () => {
  it('16 cold instances cost one token', async () => {
    const waits = Promise.all(fleet(16).map((tokens) => tokens.getToken(api)));
    const tokens = await within(second, waits);
    expect(endpoint.mints).toBe(1);
    expect(new Set(tokens.map(({ value }) => value)).size).toBe(1);
  });

  it('an instance that starts later takes the token that is there', async () => {
    const token = await leaveToken();
    const later = instance();
    expect((await later.getToken(api)).value).toBe(token.value);
    expect(later.stats()).toMatchObject([{ minted: 0, saved: 1 }]);
    expect(types()).toEqual(['minted', 'shared']);
    expect(store.locks.size).toBe(0);
  });

  it.each([1, 4, 16])('%d instances ask 8 times an hour for tokens of 10 minutes', async (size) => {
    endpoint.expiresIn = 600;
    const instances = Array.from({ length: size }, (_, index) => {
      clock.chance = size === 1 ? 0.5 : index / (size - 1);
      return instance();
    });
    for (let at = 0; at < 3_600; at += 5) {
      const waits = Promise.all(instances.map((tokens) => tokens.getToken(api)));
      await within(5 * second, waits);
    }
    expect(endpoint.mints).toBe(8);
  });

  it('other audiences, scopes, clients and credentials have tokens of their own', async () => {
    await leaveToken();
    await instance().getToken({ ...api, audience: 'https://orders.example' });
    await instance().getToken({ ...api, scopes: ['read:stock', 'write:stock'] });
    await instance('of the client', { client: 'billing' }).getToken(api);
    await instance('another').getToken(api);
    expect(endpoint.mints).toBe(5);
  });

  it('who gets the lock just after the token was shared takes the token', async () => {
    const token = await leaveToken();
    const [read, entries] = [store.read.bind(store), [...store.tokens]];
    store.tokens.clear();
    store.read = async (key) => {
      const copy = await read(key);
      for (const [name, entry] of entries) store.tokens.set(name, entry);
      return copy;
    };
    expect((await instance().getToken(api)).value).toBe(token.value);
    await settle();
    expect([endpoint.mints, store.locks.size]).toEqual([1, 0]);
  });

  it('an instance that dies with the lock is waited for at most 3 s', async () => {
    await store.lock([...(await keyOf())][0] as string, 8 * second);
    const wait = instance().getToken(api);
    await clock.advance(2_700);
    expect(endpoint.mints).toBe(0);
    await within(second, wait);
    expect(endpoint.mints).toBe(1);
  });

  it('the wait for another instance counts as part of the 6 s', async () => {
    await store.lock([...(await keyOf())][0] as string, 60 * second);
    endpoint.gate = new Promise(() => undefined);
    const wait = codeOf(instance().getToken(api));
    await clock.advance(6 * second);
    expect(await Promise.race([wait, settle()])).toBe('issuer_unreachable');
  });

  it('a failed mint frees the lock for the next', async () => {
    endpoint.failing = refusal('client_rejected');
    expect(await codeOf(instance().getToken(api))).toBe('client_rejected');
    await settle();
    expect(store.locks.size).toBe(0);
  });

  it('the lock outlives the longest token request', async () => {
    endpoint.gate = new Promise(() => undefined);
    void codeOf(instance().getToken(api));
    await clock.advance(5_900);
    expect([...store.locks.values()].every(({ endsAt }) => endsAt > clock.monotonic())).toBe(true);
    await clock.advance(second);
    expect(store.locks.size).toBe(0);
  });

  /** The key that the store is asked for. */
  async function keyOf(): Promise<Iterable<string>> {
    await leaveToken();
    const keys = [...store.tokens.keys()];
    store.tokens.clear();
    endpoint.asked.length = 0;
    return keys;
  }
});

describe('the life of a shared token', () => {
  it('is what is left of it by the store, on a clock of one’s own', async () => {
    await leaveToken();
    await clock.advance(1_000 * second);
    const later = instance();
    expect((await later.getToken(api)).expiresAt).toBe(clock.now() + 2_600 * second);
    await clock.advance(2_600 * second);
    expect(later.peek(api)).toBeUndefined();
  });

  it('clock skew between pods: an hour ahead or behind changes nothing', async () => {
    await leaveToken();
    for (const skew of [-3_600, 3_600]) {
      const skewed = new FakeClock();
      await skewed.advance(3_600 * second + skew * second);
      store = Object.assign(new FakeStore(clock), { tokens: store.tokens });
      const { expiresAt } = await instance('of the client', { clock: skewed }).getToken(api);
      expect(expiresAt - skewed.now()).toBe(3_600 * second);
    }
    expect(endpoint.mints).toBe(1);
  });

  it('ends with its lifetime, whatever the store says', async () => {
    await leaveToken();
    store.left = Number.MAX_SAFE_INTEGER;
    expect((await instance().getToken(api)).expiresAt).toBe(clock.now() + 3_600 * second);
  });

  it.each([Number.NaN, 0, -1])(
    'that has %d ms left by the store is not taken, but replaced',
    async (left) => {
      const old = await leaveToken();
      expect((await instance().getToken(api)).value).toBe(old.value);
      store.left = left;
      const token = await instance().getToken(api);
      expect(token.value).not.toBe(old.value);
      expect(token.expiresAt).toBe(clock.now() + 3_600 * second);
      expect(events).toContainEqual({ type: 'store_refused', audience: api.audience, reason: 'no_expiry' });
    },
  );

  it('near its end it is not taken, but replaced', async () => {
    const old = await leaveToken();
    await clock.advance(3_580 * second);
    expect((await instance().getToken(api)).value).not.toBe(old.value);
  });

  it('of an issuer that repeats itself it is not longer than was first told', async () => {
    endpoint.value = 'the-same-token';
    const first = instance();
    await first.getToken(api);
    await clock.advance(3_000 * second);
    await first.getToken(api);
    await settle();
    expect(endpoint.mints).toBe(2);
    expect((await instance().getToken(api)).expiresAt).toBe(clock.now() + 600 * second);
  });
});

describe('tokens of one process', () => {
  const bound = (extra: Partial<MintedToken>) => {
    const mint = endpoint.mint.bind(endpoint);
    endpoint.mint = async (request, signal) => ({ ...(await mint(request, signal)), ...extra });
  };
  const jwt = (claims: object) =>
    ['{"alg":"RS256"}', JSON.stringify(claims), 's']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');

  it('bound to a key or on behalf of somebody: the store is not even asked', async () => {
    await instance().getToken({ ...api, confirmation: 'thumbprint' });
    await instance().getToken({ ...api, subject: new SubjectToken('token-of-ada') });
    expect([store.asked, endpoint.mints]).toEqual([[], 2]);
  });

  it.each([
    ['of the scheme DPoP', { scheme: 'DPoP' }],
    ['with a cnf claim', { value: jwt({ cnf: { 'x5t#S256': 'thumbprint' } }) }],
  ])('a token %s is never shared', async (_name, extra) => {
    bound(extra);
    await instance().getToken(api);
    await settle();
    expect([store.tokens.size, store.locks.size]).toEqual([0, 0]);
  });

  it('a JWT without cnf is shared', async () => {
    bound({ value: jwt({ sub: 'orders' }) });
    await leaveToken();
    expect(store.tokens.size).toBe(1);
  });

  it('a bound token that lies in the store is not taken', async () => {
    await leaveToken();
    for (const entry of store.tokens.values()) entry.value = { ...entry.value, value: jwt({ cnf: {} }) };
    await instance().getToken(api);
    expect(endpoint.mints).toBe(2);
  });
});

describe('a token that a callee refused', () => {
  it('leaves the store, is not taken again, and costs the fleet one token', async () => {
    const [one, two] = fleet(2) as [TokenManager, TokenManager];
    const refused = await one.getToken(api);
    await settle();
    await two.getToken(api);
    one.drop(api, refused.fingerprint);
    two.drop(api, refused.fingerprint);
    const [again, other] = await within(second, Promise.all([one.getToken(api), two.getToken(api)]));
    expect(again.value).not.toBe(refused.value);
    expect(other.value).toBe(again.value);
    expect(endpoint.mints).toBe(2);
  });

  it('is not taken again from a store that keeps it', async () => {
    const tokens = instance();
    const refused = await tokens.getToken(api);
    await settle();
    store.remove = async () => undefined;
    tokens.drop(api, refused.fingerprint);
    expect((await tokens.getToken(api)).value).not.toBe(refused.value);
  });
});

describe('a store that goes wrong stops no call', () => {
  it('down: each instance has its own token, and it is told once', async () => {
    store.away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    await instance().getToken(api);
    await instance().getToken({ audience: 'https://orders.example' });
    expect(endpoint.mints).toBe(2);
    expect(events.filter(({ type }) => type === 'store_lost')).toEqual([
      { type: 'store_lost', reason: 'ECONNREFUSED' },
      { type: 'store_lost', reason: 'ECONNREFUSED' },
    ]);
  });

  it('slow: 250 ms are waited, once', async () => {
    store.hangs = true;
    const tokens = instance();
    await within(250, tokens.getToken(api));
    await tokens.getToken({ audience: 'https://orders.example' });
    expect([endpoint.mints, types()]).toEqual([2, ['store_lost', 'minted', 'minted']]);
  });

  it('back: it is used again after the pause', async () => {
    store.away = new Error('away');
    const tokens = instance();
    await tokens.getToken(api);
    store.away = undefined;
    await clock.advance(second);
    await tokens.getToken({ audience: 'https://orders.example' });
    await settle();
    expect(types()).toEqual(['store_lost', 'minted', 'store_back', 'minted']);
    expect(store.tokens.size).toBe(1);
  });

  it('lost between the lock and the token: the token is used all the same', async () => {
    store.write = () => Promise.reject(new Error('away'));
    expect(await codeOf(instance().getToken(api))).toBeUndefined();
  });

  it('flushed: the next one who needs a token gets one', async () => {
    const tokens = instance();
    await tokens.getToken(api);
    await settle();
    store.tokens.clear();
    await tokens.getToken(api);
    await instance().getToken(api);
    expect(endpoint.mints).toBe(2);
  });

  it.each(['malformed', 'key_unknown', 'not_authentic', 'no_expiry'] as const)(
    'an entry that is %s is told of and written over',
    async (reason) => {
      await leaveToken();
      store.unreadable = reason;
      await instance().getToken(api);
      await settle();
      store.unreadable = undefined;
      await instance().getToken(api);
      expect(endpoint.mints).toBe(2);
      expect(events).toContainEqual({ type: 'store_refused', audience: api.audience, reason });
    },
  );

  it('an entry that is not used is told of once, until it is another', async () => {
    const refusals = () => events.filter(({ type }) => type === 'store_refused');
    await leaveToken();
    store.unreadable = 'not_authentic';
    store.lock = async () => undefined;
    const tokens = instance();
    const polling = tokens.getToken(api);
    await clock.advance(10 * second);
    await polling;
    expect(refusals()).toHaveLength(1);
    store.unreadable = 'key_unknown';
    tokens.drop(api, (await polling).fingerprint);
    const again = tokens.getToken(api);
    await clock.advance(10 * second);
    await again;
    expect(refusals()).toEqual([
      { type: 'store_refused', audience: api.audience, reason: 'not_authentic' },
      { type: 'store_refused', audience: api.audience, reason: 'key_unknown' },
    ]);
  });

  it('a lock that never ends delays a cold call by 3 s, and stops none', async () => {
    store.lock = async () => undefined;
    const wait = instance().getToken(api);
    await clock.advance(2_700);
    expect(endpoint.mints).toBe(0);
    expect((await within(400, wait)).audience).toBe(api.audience);
  });

  it('a lock that comes too late is given back', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const lock = store.lock.bind(store);
    store.lock = async (key, ttl) => gate.then(() => lock(key, ttl));
    await within(300, instance().getToken(api));
    open();
    await settle();
    expect([endpoint.mints, store.locks.size]).toEqual([1, 0]);
  });

  it.each([
    ['cannot be read', () => Promise.reject(new Error('unreadable'))],
    ['does not come', () => new Promise<never>(() => undefined)],
  ])('a credential that %s is the token endpoint’s to report', async (_name, credential) => {
    const tokens = new TokenManager(endpoint, { clock, shared: { store, client: [], credential } });
    expect(await codeOf(within(3 * second, tokens.getToken(api)))).toBeUndefined();
    expect(store.asked).toEqual([]);
  });

  it('a refresh in the background keeps callers on the token that they have', async () => {
    const tokens = instance();
    const first = await tokens.getToken(api);
    await clock.advance(3_000 * second);
    store.hangs = true;
    expect(await Promise.all([tokens.getToken(api), tokens.getToken(api)])).toEqual([first, first]);
    await clock.advance(second);
    expect((await tokens.getToken(api)).value).not.toBe(first.value);
  });
});
