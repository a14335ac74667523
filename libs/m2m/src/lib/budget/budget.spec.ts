import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import { FakeEndpoint } from '../../../test/support/fake-endpoint.js';
import { FakeStore } from '../../../test/support/fake-store.js';
import { codeOf, errorOf } from '../../../test/support/leaks.js';
import type { QuotaBucket, TokenEvent } from '../tokens/token-event.js';
import { TokenManager } from '../tokens/token-manager.js';
import type { QuotaEvent } from './quota-event.js';
import { budgetProblems, type TokenBudget } from './token-budget.js';

const second = 1_000;
const hour = 3_600 * second;

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

const instance = (budget?: TokenBudget, shared = true) =>
  new TokenManager(endpoint, {
    clock,
    ...(budget && { budget }),
    ...(shared && { shared: { store, client: ['orders'], credential: async () => 'c' } }),
    onEvent: (event) => events.push(event),
  });
/** Takes tokens for so many audiences, from one number on. */
const take = async (tokens: TokenManager, count: number, from = 0) => {
  for (let index = from; index < from + count; index++) await tokens.getToken({ audience: `api ${index}` });
  await settle();
};
const warnings = () => events.filter((event): event is QuotaEvent => event.type === 'quota');
const warned = () => warnings().map(({ source, name, share }) => [source, name, share]);
/** What the authorization server says of its quota from now on. */
const answerQuota = (bucket: QuotaBucket) => {
  const mint = FakeEndpoint.prototype.mint.bind(endpoint);
  endpoint.mint = async (request, signal) => ({ ...(await mint(request, signal)), quota: [bucket] });
};

describe('a budget', () => {
  it.each([
    ['with a store', true],
    ['without a store', false],
  ])('warns at 60, 80 and 100 percent, once each, and stops nothing, %s', async (_name, shared) => {
    const tokens = instance({ limit: 10, per: 'hour' }, shared);
    await take(tokens, 5);
    expect(warned()).toEqual([]);
    await take(tokens, 8, 5);
    expect(warned()).toEqual([
      ['budget', 'budget', 60],
      ['budget', 'budget', 80],
      ['budget', 'budget', 100],
    ]);
    expect(warnings()[0]).toMatchObject({ quota: 10, remaining: 4, resetAfter: 3_600 });
    expect(endpoint.mints).toBe(13);
  });

  it('starts anew after its period', async () => {
    const tokens = instance({ limit: 2, per: 60 * second });
    await take(tokens, 2);
    await clock.advance(60 * second);
    await take(tokens, 2, 2);
    expect(warned().map(([, , share]) => share)).toEqual([100, 100]);
  });

  it('is shared: the fleet is counted together, and one instance warns', async () => {
    const fleet = [1, 2, 3, 4].map(() => instance({ limit: 10, per: 'hour' }));
    for (const [index, tokens] of fleet.entries()) await take(tokens, 3, 3 * index);
    expect(warned().map(([, , share]) => share)).toEqual([60, 80, 100]);
    expect(fleet.at(-1)?.quotas()).toMatchObject([{ source: 'budget', quota: 10, remaining: 0 }]);
  });

  it('counts a token once, however many take it from the shared cache', async () => {
    for (let index = 0; index < 4; index++) await take(instance({ limit: 10, per: 'hour' }), 1);
    expect([endpoint.mints, warned()]).toEqual([1, []]);
    expect([...store.counts.values()].map(({ value }) => value)).toEqual([1]);
  });

  it('counts on its own while the store is away', async () => {
    store.away = new Error('away');
    await take(instance({ limit: 2, per: 'hour' }), 2);
    expect(warned().map(([, , share]) => share)).toEqual([100]);
  });
});

describe('a hard budget', () => {
  const budget: TokenBudget = { limit: 2, per: 'hour', hard: true };

  it('asks for no token past its limit, until its period ends', async () => {
    const tokens = instance(budget);
    await take(tokens, 2);
    expect(await errorOf(tokens.getToken({ audience: 'api 2' }))).toMatchObject({
      code: 'quota_exhausted',
      retryAfter: 3_600,
    });
    expect(endpoint.mints).toBe(2);
    await clock.advance(hour);
    expect(await codeOf(tokens.getToken({ audience: 'api 2' }))).toBeUndefined();
  });

  it.each([
    { count: Number.NaN, resetAfter: hour },
    { count: -1, resetAfter: hour },
    { count: 2 ** 60, resetAfter: hour },
    { count: 1, resetAfter: Number.NaN },
  ])('is counted on its own where the store answers %o', async (answer) => {
    store.count = async () => answer;
    const tokens = instance(budget);
    await take(tokens, 2);
    expect(endpoint.mints).toBe(2);
    expect(await errorOf(tokens.getToken({ audience: 'api 2' }))).toMatchObject({ retryAfter: 3_600 });
  });

  it('is the limit of the fleet', async () => {
    await take(instance(budget), 2);
    expect(await codeOf(instance(budget).getToken({ audience: 'api 2' }))).toBe('quota_exhausted');
  });

  it('hides no token that still lives', async () => {
    const tokens = instance(budget);
    await take(tokens, 2);
    await clock.advance(hour - 20 * second);
    expect((await tokens.getToken({ audience: 'api 0' })).audience).toBe('api 0');
    expect(endpoint.mints).toBe(2);
  });
});

describe('the quota of the authorization server', () => {
  it.each([
    [5, []],
    [4, [60]],
    [2, [80]],
    [0, [100]],
  ])('with %d of 10 left, warns of %j', async (remaining, shares) => {
    answerQuota({ name: 'per_hour', quota: 10, remaining, resetAfter: 3_540 });
    await take(instance(undefined, false), 1);
    expect(warned().map(([, , share]) => share)).toEqual(shares);
  });

  it('is warned of once by the whole fleet', async () => {
    answerQuota({ name: 'per_day', quota: 10, remaining: 4, resetAfter: 3_540 });
    await take(instance(), 1);
    await take(instance(), 1, 1);
    expect(warned()).toEqual([['server', 'per_day', 60]]);
  });

  it('can be seen, with the time that has passed taken off', async () => {
    answerQuota({ name: 'per_hour', quota: 10, remaining: 9, resetAfter: 3_540 });
    const tokens = instance();
    await take(tokens, 1);
    await clock.advance(40 * second);
    expect(tokens.quotas()).toEqual([
      { source: 'server', name: 'per_hour', quota: 10, remaining: 9, resetAfter: 3_500 },
    ]);
    await clock.advance(hour);
    expect(tokens.quotas()).toEqual([]);
  });
});

describe('what a bill is foreseen by', () => {
  it('tokens minted, and tokens saved by the shared cache, by audience', async () => {
    await take(instance(), 1);
    const tokens = instance();
    await take(tokens, 2);
    expect(tokens.stats()).toMatchObject([
      { audience: 'api 0', minted: 0, saved: 1 },
      { audience: 'api 1', minted: 1, saved: 0 },
    ]);
  });
});

describe('budget problems', () => {
  it.each([
    [{ limit: 1_000, per: 'month' }, []],
    [{ limit: 1, per: 1_000 }, []],
    [{ limit: 0, per: 'day' }, ['limit must be a whole number of tokens, 1 or more']],
    [{ limit: 1.5, per: 'day' }, ['limit must be a whole number of tokens, 1 or more']],
    [
      { limit: 1, per: 'week' },
      ['per must be hour, day, month, or from a second to 366 days in milliseconds'],
    ],
    [{ limit: 1, per: 10 }, ['per must be hour, day, month, or from a second to 366 days in milliseconds']],
  ])('%j: %j', (budget, problems) => {
    expect(budgetProblems(budget as TokenBudget)).toEqual(problems);
  });
});
