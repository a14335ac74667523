import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstValueFrom } from 'rxjs';
import { optionsFor, startApp } from './support/app.js';
import { startCallee, type TestCallee } from './support/callee.js';
import { FakeClock } from './support/fake-clock.js';
import { startIssuer, type TestIssuer, token } from './support/issuer.js';

const second = 1_000;
/** A token of an hour is refreshed in the background from here on, and need not be replaced for 9 minutes more. */
const softAt = 2_900 * second;

let issuer: TestIssuer;
let callee: TestCallee;
let clock: FakeClock;
let app: Awaited<ReturnType<typeof startApp>>;

beforeEach(async () => {
  issuer = await startIssuer();
  callee = await startCallee();
  clock = new FakeClock();
  app = await startApp(optionsFor(issuer, callee, { clock }));
});

afterEach(async () => {
  await app.close();
  await issuer.close();
  await callee.close();
});

const call = () => firstValueFrom(app.http.get<unknown>('/'));
const tokensOfCalls = () => [...new Set(callee.calls.map(({ headers }) => headers.authorization))];

describe('calls while a token is refreshed in the background', () => {
  it('are answered without waiting for an issuer that takes 1.5 s', async () => {
    await call();
    await clock.advance(softAt);
    let answerRefresh = (): void => undefined;
    issuer.next.push((response, seen) => {
      answerRefresh = () => token({ access_token: 'refreshed-token-0123456789' })(response, seen);
    });
    for (let passed = 0; passed < 1_500; passed += 100) {
      expect((await call()).status).toBe(200);
      await clock.advance(100);
    }
    expect(issuer.seen).toHaveLength(2);
    expect(tokensOfCalls()).toEqual([`Bearer ${issuer.tokens[0]}`]);
    answerRefresh();
    await expect.poll(() => app.tokens.stats()[0]?.refreshed).toBe(1);
    await call();
    expect(callee.calls.at(-1)?.headers.authorization).toBe('Bearer refreshed-token-0123456789');
    expect(issuer.seen).toHaveLength(2);
  });

  it('do not fail while the issuer is stopped for 10 minutes and the token lives', async () => {
    await call();
    await clock.advance(softAt);
    await issuer.close();
    const statuses: number[] = [];
    for (let passed = 0; passed <= 600; passed += 10) {
      statuses.push((await call()).status);
      await clock.advance(10 * second);
    }
    expect(statuses).toEqual(Array.from({ length: 61 }, () => 200));
    expect(tokensOfCalls()).toEqual([`Bearer ${issuer.tokens[0]}`]);
    expect(app.tokens.stats()[0]?.failed).toBeGreaterThan(0);
  });
});
