import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerOf } from './caller.js';
import { StandIn } from './stand-in.js';

describe('StandIn and callerOf', () => {
  let standIn: StandIn;
  const call = callerOf(() => standIn.url);

  beforeEach(async () => {
    standIn = await StandIn.start();
  });
  afterEach(() => standIn.close());

  it('answers 500 until it is told', async () => {
    expect(await call('GET', '/')).toMatchObject({ status: 500, body: '', code: undefined });
    standIn.answers({ status: 204 });
    expect(await call('GET', '/')).toMatchObject({ status: 204, body: '' });
  });

  it('keeps what it was asked', async () => {
    standIn.answers({ status: 200 });
    await call('POST', '/stock?of=ABC', {
      token: 'a-token',
      body: { n: 1 },
      headers: { 'x-request-id': 'r' },
    });
    await call('PUT', '/stock', { body: 'not JSON' });

    expect(standIn.requests).toMatchObject([
      {
        method: 'POST',
        path: '/stock?of=ABC',
        body: { n: 1 },
        headers: { authorization: 'Bearer a-token', 'x-request-id': 'r', 'content-type': 'application/json' },
      },
      { method: 'PUT', body: 'not JSON' },
    ]);
  });

  it('answers what the request asks for', async () => {
    standIn.answers(async ({ path }) => ({
      status: 409,
      body: { code: path.slice(1) },
      headers: { etag: '1' },
    }));
    const answer = await call('GET', '/stock_taken');

    expect(answer).toMatchObject({ status: 409, body: { code: 'stock_taken' }, code: 'stock_taken' });
    expect(answer.headers.get('etag')).toBe('1');
  });

  it('answers text as text, and JSON that is no object without a code', async () => {
    standIn.answers({ status: 200, body: '{"code":"x"}', type: 'text/html' });
    expect(await call('GET', '/')).toMatchObject({ body: '{"code":"x"}', code: undefined });

    standIn.answers({ status: 200, body: null });
    expect(await call('GET', '/')).toMatchObject({ body: null, code: undefined });
  });

  it('follows no redirect', async () => {
    standIn.answers({ status: 302, headers: { location: '/elsewhere' } });

    expect((await call('GET', '/')).status).toBe(302);
    expect(standIn.requests).toHaveLength(1);
  });

  it('breaks off where its answer fails', async () => {
    standIn.answers(() => {
      throw new Error('the handler fails');
    });

    await expect(call('GET', '/')).rejects.toThrow();
  });

  it('refuses a body of more than 256 KiB, and takes one of less', async () => {
    standIn.answers({ status: 200 });

    await expect(call('POST', '/', { body: 'x'.repeat(300_000) })).rejects.toThrow();
    expect((await call('POST', '/', { body: 'x'.repeat(200_000) })).status).toBe(200);
  });

  it('is away when it is closed, and back on its port', async () => {
    const { url } = standIn;
    standIn.answers({ status: 200 });
    await standIn.close();
    await expect(call('GET', '/')).rejects.toThrow();

    await standIn.listen();
    expect(standIn.url).toBe(url);
    expect((await call('GET', '/')).status).toBe(200);
  });

  it('cuts off a call that hangs, and a caller gives one up in time', async () => {
    standIn.answers({ raw: () => undefined });
    await expect(call('GET', '/', { timeout: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });

    const hanging = call('GET', '/').catch((error: unknown) => error);
    await expect.poll(() => standIn.requests.length).toBe(2);
    await standIn.close();
    expect(await hanging).toBeInstanceOf(Error);
  });
});
