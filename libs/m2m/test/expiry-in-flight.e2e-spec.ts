import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstValueFrom } from 'rxjs';
import { optionsFor, startApp } from './support/app.js';
import { startCallee, type TestCallee } from './support/callee.js';
import { FakeClock } from './support/fake-clock.js';
import { startIssuer, type TestIssuer, token } from './support/issuer.js';

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

const call = (timeout: number) => firstValueFrom(app.http.get('/', { timeout }));

describe('a call', () => {
  it('is sent with a token that outlives the call’s own timeout', async () => {
    issuer.always = token({ expires_in: 600 });
    await call(10_000);
    await clock.advance(450_000);
    await call(60_000);
    expect(issuer.seen).toHaveLength(1);
    await call(200_000);
    expect(issuer.seen).toHaveLength(2);
  });

  it.each([
    ['absent', {}, 300],
    ['text', { expires_in: '120' }, 120],
    ['absurd', { expires_in: 1e15 }, 2_592_000],
  ])('with expires_in %s holds its token for as long as it is safe to say', async (_name, extra, seconds) => {
    issuer.always = token({ expires_in: undefined, ...extra });
    await call(1_000);
    expect(app.tokens.stats()[0]?.usableFor).toBe(seconds);
  });

  it.each([0, -1, '0'])('with expires_in %j is not sent', async (expires_in) => {
    issuer.always = token({ expires_in });
    await expect(call(1_000)).rejects.toMatchObject({ code: 'token_response_invalid' });
    expect(callee.calls).toEqual([]);
  });
});
