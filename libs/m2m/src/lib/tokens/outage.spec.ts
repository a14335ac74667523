import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import { FakeEndpoint, refusal } from '../../../test/support/fake-endpoint.js';
import { codeOf, errorOf } from '../../../test/support/leaks.js';
import { TokenManager } from './token-manager.js';

const second = 1_000;
const audiences = Array.from({ length: 20 }, (_, index) => `https://api-${index}.example`);

let clock: FakeClock;
let endpoint: FakeEndpoint;
let manager: TokenManager;

beforeEach(() => {
  clock = new FakeClock();
  endpoint = new FakeEndpoint();
  manager = new TokenManager(endpoint, { clock });
});

const get = (audience: string) => manager.getToken({ audience });
const getAll = () => Promise.all(audiences.map((audience) => codeOf(get(audience))));
/** Lets a wait that fails run to its end. */
const giveUp = async <T>(wait: Promise<T>): Promise<T> => {
  wait.catch(() => undefined);
  await clock.advance(10 * second);
  return wait;
};

describe('an outage of the token endpoint', () => {
  it('of 10 minutes, with 20 live tokens, fails no call', async () => {
    await getAll();
    await clock.advance(2_900 * second);
    endpoint.failing = refusal('issuer_unreachable');
    for (let at = 0; at < 600; at += 5) {
      expect(await getAll()).toEqual(audiences.map(() => undefined));
      await clock.advance(5 * second);
    }
  });

  it('is asked about by one at a time, however many tokens are wanted', async () => {
    endpoint.failing = refusal('issuer_unreachable');
    await giveUp(getAll());
    const before = endpoint.mints;
    for (let at = 0; at < 300; at += 10) await giveUp(getAll());
    expect(endpoint.mints - before).toBeLessThanOrEqual(300 / 10);
    expect(endpoint.mints - before).toBeGreaterThanOrEqual(5);
  });

  it('over for one token is over for all: the others need not wait for the end of their own pause', async () => {
    const failing = new Set(['long away']);
    const mint = endpoint.mint.bind(endpoint);
    endpoint.mint = (request, signal) => {
      endpoint.failing = failing.has(request.audience) ? refusal('issuer_unreachable') : undefined;
      return mint(request, signal);
    };
    for (let time = 0; time < 6; time++) {
      await codeOf(giveUp(get('long away')));
      await clock.advance(30 * second);
      await get(`works ${time}`);
    }
    failing.add('away');
    const waits = [codeOf(get('long away')), codeOf(get('away'))];
    await clock.advance(10 * second);
    expect(await Promise.all(waits)).toEqual(['issuer_unreachable', 'issuer_unreachable']);
    failing.clear();
    expect(await codeOf(get('long away'))).toBe('issuer_unreachable');
    await get('another');
    expect(await codeOf(get('long away'))).toBeUndefined();
  });

  it('says when it may be over to those who are not let through', async () => {
    endpoint.failing = refusal('issuer_unreachable', 30);
    await codeOf(get('first'));
    const error = await errorOf(get('second'));
    expect(error).toMatchObject({ code: 'issuer_unreachable', audience: 'second', retryAfter: 30 });
    expect(endpoint.mints).toBe(1);
  });
});

describe('the pause after a failure', () => {
  it.each([
    ['client_rejected', 10_000],
    ['grant_missing', 10_000],
    ['scope_not_granted', 10_000],
    ['token_response_invalid', 750],
    ['quota_exhausted', 750],
  ] as const)('of %s is %d ms', async (code, pause) => {
    endpoint.failing = refusal(code);
    await codeOf(get('api'));
    endpoint.failing = undefined;
    await clock.advance(pause - 1);
    expect(await codeOf(get('api'))).toBe(code);
    await clock.advance(1);
    expect(await codeOf(get('api'))).toBeUndefined();
  });
});

describe('a quota that is used up', () => {
  it('is used up for every audience of the client: nobody asks until Retry-After has passed', async () => {
    endpoint.failing = refusal('quota_exhausted', 120);
    expect(await getAll()).toEqual(audiences.map(() => 'quota_exhausted'));
    expect(endpoint.mints).toBeLessThanOrEqual(audiences.length);
    const before = endpoint.mints;
    expect(await codeOf(get('another'))).toBe('quota_exhausted');
    expect(endpoint.mints).toBe(before);
    endpoint.failing = undefined;
    await clock.advance(120 * second);
    expect(await codeOf(get('another'))).toBeUndefined();
  });
});

describe('retries', () => {
  it.each([
    [0, [0, 0]],
    [0.5, [125, 250]],
    [1, [250, 500]],
  ])('with chance %d pause for %j ms: full jitter, doubling', async (chance, pauses) => {
    clock.chance = chance;
    endpoint.failing = refusal('issuer_unreachable');
    const start = clock.monotonic();
    const asked: number[] = [];
    const mint = endpoint.mint.bind(endpoint);
    endpoint.mint = (request, signal) => {
      asked.push(clock.monotonic() - start);
      return mint(request, signal);
    };
    await codeOf(giveUp(get('api')));
    expect(asked).toEqual([0, pauses[0], (pauses[0] as number) + (pauses[1] as number)]);
  });

  it('of requests that hang end within 6 s', async () => {
    endpoint.gate = new Promise(() => undefined);
    const wait = codeOf(get('api'));
    await clock.advance(5_999);
    await settle();
    expect(endpoint.mints).toBe(2);
    await clock.advance(1);
    expect(await wait).toBe('issuer_unreachable');
  });
});
