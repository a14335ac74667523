import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { refusal } from '../../../test/support/fake-endpoint.js';
import type { Breaker } from './breaker.js';
import { endpointBreaker } from './endpoint-breaker.js';

let clock: FakeClock;
let breaker: Breaker;

beforeEach(() => {
  clock = new FakeClock();
  breaker = endpointBreaker(clock);
});

const down = refusal('issuer_unreachable');
const ask = (work: () => Promise<string>) =>
  breaker.run((left) => new Error(`refused for ${left} ms`), work).catch((error: Error) => error.message);
const fails = (error: Error = down) => ask(() => Promise.reject(error));
const works = () => ask(() => Promise.resolve('answered'));
const failTimes = async (times: number) => {
  for (let time = 0; time < times; time++) await fails();
};

describe('the breaker of a token endpoint', () => {
  it('lets four failures in a row pass, and pauses at the fifth', async () => {
    await failTimes(4);
    expect(await works()).toBe('answered');
    await failTimes(5);
    expect(await works()).toBe('refused for 750 ms');
  });

  it('lets one ask after the pause, and everybody once that one was answered', async () => {
    await failTimes(5);
    await clock.advance(750);
    let answer = (_text: string): void => undefined;
    const probe = ask(() => new Promise((resolve) => (answer = resolve)));
    expect(await works()).toBe('refused for 0 ms');
    answer('answered');
    expect([await probe, await works()]).toEqual(['answered', 'answered']);
    expect(breaker.closedAt).toBe(clock.monotonic());
  });

  it('pauses for longer each time, up to 30 s', async () => {
    await failTimes(5);
    const pauses = [];
    for (let time = 0; time < 8; time++) {
      const refused = await works();
      pauses.push(Number(/\d+/.exec(refused)?.[0]));
      await clock.advance(pauses.at(-1) as number);
      await fails();
    }
    expect(pauses).toEqual([750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500]);
  });

  it('pauses no longer for many that fail at once', async () => {
    await Promise.all(Array.from({ length: 50 }, () => fails()));
    expect(await works()).toBe('refused for 750 ms');
  });

  it('is closed by an answer that was asked for before the pause', async () => {
    let answer = (_text: string): void => undefined;
    const slow = ask(() => new Promise((resolve) => (answer = resolve)));
    await failTimes(5);
    answer('answered');
    expect([await slow, await works()]).toEqual(['answered', 'answered']);
  });

  it('obeys Retry-After at the first failure', async () => {
    await fails(refusal('quota_exhausted', 120));
    expect(await works()).toBe('refused for 120000 ms');
    await clock.advance(120_000);
    expect(await works()).toBe('answered');
  });

  it.each(['client_rejected', 'grant_missing', 'scope_not_granted', 'token_response_invalid'] as const)(
    'takes %s as an answer',
    async (code) => {
      await failTimes(4);
      await fails(refusal(code));
      await failTimes(4);
      expect(await works()).toBe('answered');
    },
  );
});
