import { type AxiosResponse, isAxiosError } from 'axios';
import { firstValueFrom, retry, timeout, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { optionsFor, startApp } from './support/app.js';
import { refuse, startCallee, type TestCallee } from './support/callee.js';
import { startIssuer, type TestIssuer } from './support/issuer.js';
import { codeOf, errorOf } from './support/leaks.js';

/** The recipe of the README. */
const passing = new Set([undefined, 429, 502, 503, 504]);
const patiently = retry<AxiosResponse<unknown>>({
  count: 2,
  delay(error, attempt) {
    if (!isAxiosError(error) || error.code === 'ERR_CANCELED' || !passing.has(error.status)) throw error;
    return timer(Math.random() * 100 * 2 ** attempt);
  },
});

let issuer: TestIssuer;
let callee: TestCallee;
let app: Awaited<ReturnType<typeof startApp>>;

beforeEach(async () => {
  issuer = await startIssuer();
  callee = await startCallee();
  app = await startApp(optionsFor(issuer, callee));
});

afterEach(async () => {
  await app.close();
  await issuer.close();
  await callee.close();
});

const get = () => firstValueFrom(app.http.get<unknown>('/stock/apple').pipe(patiently, timeout(10_000)));
const failing = (times: number, status: number) => {
  callee.answer = (call, response, index) => refuse(index < times ? status : 200)(call, response);
};

describe('retries by rxjs', () => {
  it.each([429, 502, 503, 504])('a callee that answers %i for a while is asked again', async (status) => {
    failing(2, status);
    expect((await get()).status).toBe(200);
    expect([callee.calls.length, issuer.seen.length]).toEqual([3, 1]);
  });

  it('a connection that breaks is tried again', async () => {
    callee.answer = (call, response, index) =>
      index === 0 ? void response.destroy() : refuse(200)(call, response);
    expect((await get()).status).toBe(200);
  });

  it.each([400, 401, 403, 404, 500])('status %i is not asked again', async (status) => {
    failing(1, status);
    expect(await errorOf(get())).toMatchObject({ status });
    expect(callee.calls).toHaveLength(1);
  });

  it('an error of this library is not asked again', async () => {
    const call = firstValueFrom(app.http.get<unknown>('http://evil.example/').pipe(patiently));
    expect(await codeOf(call)).toBe('origin_mismatch');
  });

  it('end after three calls', async () => {
    failing(9, 503);
    expect(await errorOf(get())).toMatchObject({ status: 503 });
    expect(callee.calls).toHaveLength(3);
  });
});
