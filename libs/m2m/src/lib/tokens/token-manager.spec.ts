import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import { FakeEndpoint, refusal } from '../../../test/support/fake-endpoint.js';
import { codeOf } from '../../../test/support/leaks.js';
import type { TokenEvent } from './token-event.js';
import { TokenManager } from './token-manager.js';

const api = { audience: 'https://inventory.example', scopes: ['read:stock'] };
const other = { audience: 'https://orders.example' };
const second = 1_000;
const minute = 60 * second;

let clock: FakeClock;
let endpoint: FakeEndpoint;
let events: TokenEvent[];
let manager: TokenManager;

beforeEach(() => {
  clock = new FakeClock();
  endpoint = new FakeEndpoint();
  events = [];
  manager = new TokenManager(endpoint, { clock, onEvent: (event) => events.push(event) });
});

const get = (options = {}) => manager.getToken({ ...api, ...options });
/** Lets time pass until every retry of a flight has failed. */
const giveUp = async <T>(wait: Promise<T>): Promise<T> => {
  wait.catch(() => undefined);
  await clock.advance(10 * second);
  return wait;
};
/** Runs a refresh in the background to its end. */
const refreshFails = () => clock.advance(7 * second);

describe('one flight per key', () => {
  it('10,000 parallel cold callers cost one token', async () => {
    const tokens = await Promise.all(Array.from({ length: 10_000 }, () => get()));
    expect(endpoint.mints).toBe(1);
    expect(new Set(tokens.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it('many callers in the hard window cost one token', async () => {
    await get();
    await clock.advance(3_590 * second);
    await Promise.all(Array.from({ length: 1_000 }, () => get()));
    expect(endpoint.mints).toBe(2);
  });

  it('wrong cache key: audience, scopes and organization each have a token of their own', async () => {
    const requests = [
      api,
      other,
      { ...api, scopes: ['read:stock', 'write:stock'] },
      { audience: api.audience },
      { ...api, organization: 'org_1' },
      { ...api, organization: 'org_2' },
    ];
    const tokens = await Promise.all(requests.map((request) => manager.getToken(request)));
    expect(new Set(tokens.map(({ fingerprint }) => fingerprint)).size).toBe(requests.length);
  });

  it('the order of scopes and repeats do not count', async () => {
    const one = await manager.getToken({ ...other, scopes: ['a', 'b'] });
    const two = await manager.getToken({ ...other, scopes: ['b', 'a', 'b'] });
    expect([one, endpoint.mints]).toEqual([two, 1]);
  });

  it('names that hold the separator do not collide', async () => {
    await manager.getToken({ audience: 'a","b', scopes: [] });
    await manager.getToken({ audience: 'a', scopes: ['b'] });
    expect(endpoint.mints).toBe(2);
  });

  it('the number of tokens that are held is bounded', async () => {
    manager = new TokenManager(endpoint, { clock, maxTokens: 2 });
    for (const audience of ['a', 'b', 'c', 'c', 'b', 'a']) await manager.getToken({ audience });
    expect(endpoint.mints).toBe(4);
    expect(manager.stats()).toHaveLength(2);
  });
});

describe('waiters', () => {
  it('the first caller’s cancellation fails nobody else', async () => {
    let open = (): void => undefined;
    endpoint.gate = new Promise((resolve) => (open = resolve));
    const controller = new AbortController();
    const first = get({ signal: controller.signal });
    const rest = [get(), get({ signal: new AbortController().signal })];
    controller.abort();
    expect(await codeOf(first)).toBe('aborted');
    open();
    expect((await Promise.all(rest)).map(({ audience }) => audience)).toEqual([api.audience, api.audience]);
    expect([endpoint.mints, endpoint.signals[0]?.aborted]).toEqual([1, false]);
  });

  it('a timeout of the caller is deadline_exceeded', async () => {
    endpoint.gate = new Promise(() => undefined);
    expect(await codeOf(get({ signal: AbortSignal.timeout(20) }))).toBe('deadline_exceeded');
  });

  it('a signal that is aborted already asks for nothing', async () => {
    expect(await codeOf(get({ signal: AbortSignal.abort() }))).toBe('aborted');
    expect(endpoint.mints).toBe(0);
  });

  it('when all callers give up, the token is kept for the next', async () => {
    let open = (): void => undefined;
    endpoint.gate = new Promise((resolve) => (open = resolve));
    const controller = new AbortController();
    const waits = [get({ signal: controller.signal }), get({ signal: controller.signal })];
    controller.abort();
    expect(await Promise.all(waits.map(codeOf))).toEqual(['aborted', 'aborted']);
    open();
    await settle();
    await get();
    expect(endpoint.mints).toBe(1);
  });

  it('a flight that hangs ends by its own deadline', async () => {
    endpoint.gate = new Promise(() => undefined);
    const wait = codeOf(get());
    await clock.advance(6 * second);
    expect(await wait).toBe('issuer_unreachable');
    expect(endpoint.signals.every(({ aborted }) => aborted)).toBe(true);
    expect(clock.waiting).toBe(0);
  });
});

describe('states of a token', () => {
  it('fresh: used without asking', async () => {
    await get();
    await clock.advance(2_699 * second);
    await get();
    expect(endpoint.mints).toBe(1);
  });

  it.each([
    [0, 2_700],
    [0.5, 2_880],
    [1, 3_060],
  ])(
    'soft: refreshed in the background from 75 to 85 %% of the lifetime (chance %d: %d s)',
    async (chance, from) => {
      clock.chance = chance;
      manager = new TokenManager(endpoint, { clock });
      const first = await get();
      await clock.advance((from - 1) * second);
      await get();
      await settle();
      expect(endpoint.mints).toBe(1);
      await clock.advance(second);
      expect(await get()).toBe(first);
      await settle();
      expect(endpoint.mints).toBe(2);
      expect(await get()).not.toBe(first);
    },
  );

  it('soft: a slow issuer makes nobody wait', async () => {
    const first = await get();
    endpoint.gate = new Promise(() => undefined);
    await clock.advance(3_000 * second);
    expect(await Promise.all([get(), get(), get()])).toEqual([first, first, first]);
    expect(endpoint.mints).toBe(2);
  });

  it('an idle connection costs no token', async () => {
    await get();
    await clock.advance(24 * 60 * minute);
    expect(endpoint.mints).toBe(1);
  });

  it('hard: 30 s before its end a token is replaced first', async () => {
    const first = await get();
    await clock.advance(3_570 * second);
    expect(await get()).not.toBe(first);
  });

  it.each([10, 240])(
    'margin larger than the lifetime: 5 calls at expires_in=%d cost one token',
    async (expiresIn) => {
      endpoint.expiresIn = expiresIn;
      for (let call = 0; call < 5; call++) {
        await get();
        await clock.advance(second);
      }
      expect(endpoint.mints).toBe(1);
    },
  );

  it('expired: never used', async () => {
    const first = await get();
    await clock.advance(3_600 * second);
    endpoint.failing = refusal('client_rejected');
    expect(await codeOf(get())).toBe('client_rejected');
    expect(manager.peek(api)).toBeUndefined();
    expect(first.expiresAt).toBeLessThanOrEqual(clock.now());
  });

  it('expiry in flight: minTtl asks for a token that outlives the call', async () => {
    const first = await get();
    await clock.advance(3_500 * second);
    expect(await get({ minTtl: 120 * second })).not.toBe(first);
  });

  it('a minTtl that no token can have does not cost a token per call', async () => {
    endpoint.expiresIn = 60;
    for (let call = 0; call < 5; call++) await get({ minTtl: 10 * minute });
    expect(endpoint.mints).toBe(1);
  });

  it('the time of the token request counts as lifetime', async () => {
    let open = (): void => undefined;
    endpoint.expiresIn = 100;
    endpoint.gate = new Promise((resolve) => (open = resolve));
    const wait = get();
    await clock.advance(2 * second);
    open();
    expect((await wait).expiresAt).toBe(clock.now() + 98 * second);
  });
});

describe('expires_in', () => {
  it.each([
    ['absent', undefined, 300],
    ['null', null, 300],
    ['text that is a number', '120', 120],
    ['text that is none', 'soon', 300],
    ['NaN', Number.NaN, 300],
    ['infinite', Number.POSITIVE_INFINITY, 300],
    ['absurd', 1e12, 2_592_000],
    ['an object', {}, 300],
    ['a fraction', 90.5, 90.5],
  ])('%s: the token lives as long as it is safe to say', async (_name, expiresIn, seconds) => {
    endpoint.expiresIn = expiresIn;
    expect((await get()).expiresAt).toBe(clock.now() + seconds * second);
  });

  it.each([
    ['zero', 0],
    ['negative', -1],
    ['textual zero', '0'],
  ])('%s is no token', async (_name, expiresIn) => {
    endpoint.expiresIn = expiresIn;
    expect(await codeOf(get())).toBe('token_response_invalid');
    endpoint.expiresIn = 60;
    await clock.advance(minute);
    expect(await codeOf(get())).toBeUndefined();
  });
});

describe('an issuer that hands out the same token until it dies', () => {
  it('is asked again at half of what is left, not per call', async () => {
    endpoint.value = 'the-same-token';
    await get();
    await clock.advance(3_000 * second);
    for (let call = 0; call < 10; call++) {
      await get();
      await settle();
    }
    expect(endpoint.mints).toBe(2);
    await clock.advance(310 * second);
    await get();
    await settle();
    expect(endpoint.mints).toBe(3);
  });

  it('does not make the token live longer than it was first told', async () => {
    endpoint.value = 'the-same-token';
    const { expiresAt } = await get();
    await clock.advance(3_000 * second);
    await get();
    await settle();
    await clock.advance(599 * second);
    expect((await get()).expiresAt).toBe(expiresAt);
    await clock.advance(second);
    expect(manager.peek(api)).toBeUndefined();
  });
});

describe('failures', () => {
  it('an outage is tried three times within 6 s', async () => {
    endpoint.failing = refusal('issuer_unreachable');
    expect(await codeOf(giveUp(get()))).toBe('issuer_unreachable');
    expect(endpoint.mints).toBe(3);
  });

  it('a second try that succeeds is a success', async () => {
    endpoint.failing = refusal('issuer_unreachable');
    const wait = get();
    await settle();
    endpoint.failing = undefined;
    await clock.advance(second);
    expect((await wait).audience).toBe(api.audience);
    expect(endpoint.mints).toBe(2);
  });

  it.each([
    'client_rejected',
    'grant_missing',
    'scope_not_granted',
    'token_response_invalid',
    'quota_exhausted',
  ] as const)('%s is not tried again', async (code) => {
    endpoint.failing = refusal(code);
    expect(await codeOf(get())).toBe(code);
    expect(endpoint.mints).toBe(1);
  });

  it('Retry-After within the budget is waited for', async () => {
    endpoint.failing = refusal('issuer_unreachable', 2);
    const wait = get();
    await clock.advance(1_900);
    expect(endpoint.mints).toBe(1);
    endpoint.failing = undefined;
    await clock.advance(200);
    expect((await wait).audience).toBe(api.audience);
  });

  it('Retry-After beyond the budget ends the flight at once', async () => {
    endpoint.failing = refusal('issuer_unreachable', 30);
    expect(await codeOf(get())).toBe('issuer_unreachable');
    expect(endpoint.mints).toBe(1);
  });

  it('retries do not make a 429 chronic: nobody asks until Retry-After has passed', async () => {
    endpoint.failing = refusal('quota_exhausted', 120);
    for (let call = 0; call < 50; call++) expect(await codeOf(get())).toBe('quota_exhausted');
    await clock.advance(119 * second);
    await codeOf(get());
    expect(endpoint.mints).toBe(1);
    endpoint.failing = undefined;
    await clock.advance(second);
    expect(await codeOf(get())).toBeUndefined();
  });

  it('a Retry-After of days is an hour at most', async () => {
    endpoint.failing = refusal('quota_exhausted', 1e9);
    await codeOf(get());
    endpoint.failing = undefined;
    await clock.advance(60 * minute);
    expect(await codeOf(get())).toBeUndefined();
  });

  it('a failure for one audience stops no other', async () => {
    endpoint.failing = refusal('grant_missing');
    await codeOf(get());
    endpoint.failing = undefined;
    expect(await codeOf(manager.getToken(other))).toBeUndefined();
    expect(await codeOf(get())).toBe('grant_missing');
  });

  it('an error that is no M2mError tells nothing of itself', async () => {
    endpoint.failing = new Error('Authorization: Basic c2VjcmV0') as never;
    const error = await get().catch((reason: unknown) => reason);
    expect(String(error)).not.toContain('c2VjcmV0');
    expect(await codeOf(Promise.reject(error as Error))).toBe('token_response_invalid');
  });
});

describe('issuer down, token still good', () => {
  it('10 minutes without an issuer: no call fails', async () => {
    const first = await get();
    await clock.advance(2_950 * second);
    endpoint.failing = refusal('issuer_unreachable');
    for (let at = 0; at < 600; at += 10) {
      expect(await giveUp(get())).toBe(first);
    }
  });

  it('a cooldown never hides a usable token', async () => {
    const first = await get();
    await clock.advance(3_000 * second);
    endpoint.failing = refusal('quota_exhausted', 3_000);
    expect(await get()).toBe(first);
    await settle();
    expect(await get()).toBe(first);
    await clock.advance(590 * second);
    expect(await get()).toBe(first);
    expect(endpoint.mints).toBe(2);
  });

  it('in the hard window the token is used where no other can be had', async () => {
    const first = await get();
    await clock.advance(3_580 * second);
    endpoint.failing = refusal('client_rejected');
    expect(await get()).toBe(first);
  });

  it('the pauses between tries grow to 30 s', async () => {
    await get();
    await clock.advance(2_900 * second);
    endpoint.failing = refusal('issuer_unreachable');
    const before = endpoint.mints;
    for (let at = 0; at < 300; at++) {
      await get();
      await clock.advance(second);
    }
    expect(endpoint.mints - before).toBeLessThanOrEqual(24);
    expect(endpoint.mints - before).toBeGreaterThanOrEqual(8);
  });

  it('recovery is noticed by itself', async () => {
    const first = await get();
    await clock.advance(3_000 * second);
    endpoint.failing = refusal('issuer_unreachable');
    await get();
    await refreshFails();
    endpoint.failing = undefined;
    await clock.advance(30 * second);
    await get();
    await settle();
    expect(await get()).not.toBe(first);
    expect(manager.stats()[0]?.lastError).toBeUndefined();
  });
});

describe('drop', () => {
  it('lets go of the token that is held', async () => {
    const first = await get();
    expect(manager.drop(api, first.fingerprint)).toBe(true);
    expect((await get()).fingerprint).not.toBe(first.fingerprint);
  });

  it('leaves a later token alone', async () => {
    const first = await get();
    manager.drop(api, first.fingerprint);
    const later = await get();
    expect(manager.drop(api, first.fingerprint)).toBe(true);
    expect(await get()).toBe(later);
  });

  it('happens once a minute at most', async () => {
    const first = await get();
    manager.drop(api, first.fingerprint);
    const later = await get();
    expect(manager.drop(api, later.fingerprint)).toBe(false);
    await clock.advance(minute);
    expect(manager.drop(api, later.fingerprint)).toBe(true);
    expect(endpoint.mints).toBe(2);
  });

  it('leaves the tokens of others alone', async () => {
    const kept = await manager.getToken(other);
    manager.drop(api, (await get()).fingerprint);
    expect(await manager.getToken(other)).toBe(kept);
  });
});

describe('sight', () => {
  it('counts what was minted, served, refreshed and failed, by audience', async () => {
    await get();
    await get();
    await clock.advance(3_000 * second);
    await get();
    await settle();
    endpoint.failing = refusal('grant_missing');
    await codeOf(manager.getToken(other));
    expect(manager.stats()).toEqual([
      { audience: api.audience, minted: 2, served: 2, saved: 0, refreshed: 1, failed: 0, usableFor: 3_600 },
      {
        audience: other.audience,
        minted: 0,
        served: 0,
        saved: 0,
        refreshed: 0,
        failed: 1,
        usableFor: 0,
        lastError: 'grant_missing',
      },
    ]);
  });

  it('a listener that throws breaks nothing', async () => {
    manager = new TokenManager(endpoint, {
      clock,
      onEvent: () => {
        throw new Error('of the listener');
      },
    });
    expect((await get()).audience).toBe(api.audience);
    expect(manager.stats()).toMatchObject([{ minted: 1, failed: 0 }]);
  });

  it('tells what happens, without the token', async () => {
    const token = await get();
    manager.drop(api, token.fingerprint);
    endpoint.failing = refusal('quota_exhausted');
    await codeOf(get());
    expect(events.map(({ type }) => type)).toEqual(['minted', 'dropped', 'failed']);
    expect(JSON.stringify(events)).not.toContain(token.value);
  });
});
