import { getEventListeners } from 'node:events';
import type { Readable } from 'node:stream';
import axios, { type CancelToken } from 'axios';
import { firstValueFrom, timeout } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { optionsFor, startApp } from './support/app.js';
import { refuse, startCallee, type TestCallee } from './support/callee.js';
import { startIssuer, type TestIssuer } from './support/issuer.js';
import { codeOf } from './support/leaks.js';

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

const get = (config = {}) => firstValueFrom(app.http.get<unknown>('/', config));
/** A call that the callee takes and does not answer; resolves when its connection is closed. */
const unanswered = () =>
  new Promise<void>((closed) => {
    callee.answer = (_call, response) => void response.once('close', closed);
  });

describe('the signal of a caller', () => {
  it.each([
    ['that succeed', 200],
    ['that fail', 500],
  ])('holds nothing of calls %s', async (_, status) => {
    const { signal } = new AbortController();
    callee.answer = refuse(status);
    for (let call = 0; call < 20; call++) await codeOf(get({ signal }));
    expect(callee.calls).toHaveLength(20);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends a call that is under way, on its connection too', async () => {
    const closed = unanswered();
    const controller = new AbortController();
    const code = codeOf(get({ signal: controller.signal }));
    await expect.poll(() => callee.calls.length).toBe(1);
    controller.abort();
    expect(await code).toBe('ERR_CANCELED');
    await closed;
  });
});

describe('a subscriber that leaves', () => {
  it.each(['json', 'stream'] as const)('ends a call for %s that is under way', async (responseType) => {
    const closed = unanswered();
    const subscription = app.http.get('/', { responseType }).subscribe({ error: () => undefined });
    await expect.poll(() => callee.calls.length).toBe(1);
    subscription.unsubscribe();
    await closed;
  });

  it('by rxjs timeout ends its call', async () => {
    const closed = unanswered();
    await expect(firstValueFrom(app.http.get('/').pipe(timeout(100)))).rejects.toThrow('Timeout');
    await closed;
  });

  it('after the answer has come cancels nothing', async () => {
    const seen: CancelToken[] = [];
    app.http.axiosRef.interceptors.request.use((config) => {
      if (config.cancelToken) seen.push(config.cancelToken);
      return config;
    });
    const { data } = await get({ responseType: 'stream' });
    expect(Buffer.concat((await (data as Readable).toArray()) as Buffer[]).toString()).toBe('{"ok":true}');
    await get();
    expect(seen.map(({ reason }) => reason)).toEqual([undefined, undefined]);
  });

  it('leaves the cancel token of the call to its owner', async () => {
    const closed = unanswered();
    const { token, cancel } = axios.CancelToken.source();
    const code = codeOf(get({ cancelToken: token }));
    await expect.poll(() => callee.calls.length).toBe(1);
    cancel();
    expect(await code).toBe('ERR_CANCELED');
    await closed;
  });
});

describe('the configuration that interceptors see', () => {
  it('never holds the token, neither before the call nor after', async () => {
    const seen: { headers: object }[] = [];
    app.http.axiosRef.interceptors.request.use((config) => {
      seen.push(config);
      return config;
    });
    callee.answer = (_call, response) => {
      expect(JSON.stringify(seen)).not.toContain(issuer.tokens[0]);
      refuse(200)(_call, response);
    };
    await get();
    expect(callee.calls[0]?.headers.authorization).toBe(`Bearer ${issuer.tokens[0]}`);
    expect(JSON.stringify(seen)).not.toContain(issuer.tokens[0]);
  });
});
