import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type DpopNonces, RollingDpopNonces } from '@countersign/guards';
import { LoopbackIssuer } from '@countersign/testing';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InjectM2mFetch, type M2mFetch, M2mModule, type M2mModuleOptions } from '../src/index.js';
import { audience, clientSecret, optionsFor, startApp } from './support/app.js';
import { refuse, startCallee, type TestCallee } from './support/callee.js';
import { startGuardedCallee } from './support/guarded-callee.js';
import { hang, json, startIssuer, type TestIssuer } from './support/issuer.js';
import { codeOf, errorOf, leaksIn } from './support/leaks.js';

const invalidToken = 'Bearer error="invalid_token", error_description="no"';

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

const fetch: M2mFetch = (input, init) => app.fetch(input, init);
const restart = async (connection: Partial<M2mModuleOptions['connections'][string]>) => {
  await app.close();
  app = await startApp(
    optionsFor(issuer, callee, {
      connections: { inventory: { baseUrl: callee.url, audience, ...connection } },
    }),
  );
};
const stream = (text: string) => new Blob([text]).stream();

@Injectable()
class StockClient {
  constructor(@InjectM2mFetch('inventory') readonly fetch: M2mFetch) {}
}

@Module({})
class RootModule {}

describe('a fetch through a connection', () => {
  it('is injected by @InjectM2mFetch', async () => {
    const nest = await NestFactory.createApplicationContext(
      {
        module: RootModule,
        imports: [M2mModule.forRoot(optionsFor(issuer, callee)), M2mModule.forFeature(['inventory'])],
        providers: [StockClient],
      },
      { logger: false },
    );
    expect((await nest.get(StockClient).fetch('/stock/apple')).status).toBe(200);
    await nest.close();
  });

  it('carries the token, and shares it with the HttpService', async () => {
    const response = await fetch('/stock/apple');
    expect([response.status, response.url, await response.json()]).toEqual([
      200,
      `${callee.url}/stock/apple`,
      { ok: true },
    ]);
    await app.http.axiosRef.get('/');
    expect(callee.calls.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${issuer.tokens[0]}`,
      `Bearer ${issuer.tokens[0]}`,
    ]);
    expect(issuer.seen).toHaveLength(1);
  });

  it.each([
    ['text', 'a=1', 'a=1'],
    ['bytes', new TextEncoder().encode('bytes'), 'bytes'],
    ['a form', new URLSearchParams({ a: '1' }), 'a=1'],
    ['a blob', new Blob(['blob']), 'blob'],
    ['a stream', stream('one two'), 'one two'],
  ])('sends %s as its body', async (_name, body, expected) => {
    await fetch('/reservations?dry=1', { method: 'post', headers: { 'x-one': '1' }, body });
    expect(callee.calls[0]).toMatchObject({
      method: 'POST',
      path: '/reservations?dry=1',
      body: expected,
      headers: { 'x-one': '1' },
    });
  });

  it('takes a Request, with its method, headers and body', async () => {
    const request = new Request(`${callee.url}/orders`, {
      method: 'PUT',
      body: 'x',
      headers: { 'x-one': '1' },
    });
    expect((await fetch(request)).status).toBe(200);
    expect(callee.calls[0]).toMatchObject({ method: 'PUT', body: 'x', headers: { 'x-one': '1' } });
    expect(request.headers.has('authorization')).toBe(false);
  });

  it.each([
    ['/stock', '/api/stock'],
    ['stock', '/api/stock'],
    ['?a=1', '/api?a=1'],
    ['', '/api'],
  ])('reads "%s" below the base URL', async (input, path) => {
    await restart({ baseUrl: `${callee.url}/api` });
    await fetch(input);
    expect(callee.calls[0]?.path).toBe(path);
  });

  it.each([400, 403, 404, 500])('status %i is an answer and no error', async (status) => {
    callee.answer = refuse(status);
    const response = await fetch('/');
    expect([response.status, response.ok, await response.json()]).toEqual([
      status,
      false,
      { code: 'refused' },
    ]);
  });

  it('hands the body on as it comes', async () => {
    let finish = () => undefined as void;
    callee.answer = (_call, response) => {
      response.writeHead(200).write('one');
      finish = () => void response.end(' two');
    };
    const response = await fetch('/');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('one');
    finish();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(' two');
    expect((await reader.read()).done).toBe(true);
  });

  it('reads compressed answers, and those without a body', async () => {
    callee.answer = (call, response) =>
      call.path === '/none'
        ? response.writeHead(204).end()
        : response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('clear'));
    expect(await (await fetch('/')).text()).toBe('clear');
    expect((await fetch('/none')).body).toBeNull();
  });

  it('does not call at all where no token can be had', async () => {
    issuer.always = json(401, { error: 'access_denied' });
    expect(await codeOf(fetch('/'))).toBe('client_rejected');
    expect(callee.calls).toHaveLength(0);
  });
});

describe('origin', () => {
  it.each([
    'http://evil.example/steal',
    '//evil.example/steal',
    'http://127.0.0.1:9/steal',
    'https://127.0.0.1/steal',
    'http://user:pass@127.0.0.1/',
    new URL('http://evil.example/steal'),
    new Request('http://evil.example/steal'),
  ])('%s is refused and gets no token', async (input) => {
    expect(await codeOf(fetch(input))).toBe('origin_mismatch');
    expect(issuer.seen).toHaveLength(0);
    expect(await codeOf(fetch(new URL(`${callee.url}/own`)))).toBeUndefined();
  });

  it.each(['/../admin', '/%2e%2e/admin', '/..%2fadmin', '/x/..%5c..%5cadmin'])(
    'a path that climbs out of the base path is refused: %s',
    async (path) => {
      await restart({ baseUrl: `${callee.url}/api/v1` });
      expect(await codeOf(fetch(path))).toBe('origin_mismatch');
      expect(await codeOf(fetch('/stock/a%2Fb'))).toBeUndefined();
      expect(callee.calls.map((call) => call.path)).toEqual(['/api/v1/stock/a%2Fb']);
    },
  );

  it('what looks like a scheme and is a path stays below the base URL', async () => {
    await fetch('http:evil.example');
    expect(callee.calls.map(({ path }) => path)).toEqual(['/http:evil.example']);
  });

  it.each([
    ['an Authorization header', { headers: { authorization: 'Bearer mine' } }],
    ['a DPoP header', { headers: { dpop: 'proof' } }],
    ['a Host header', { headers: { host: 'other.example' } }],
    ['a Transfer-Encoding header', { headers: { 'Transfer-Encoding': 'chunked' } }],
    ['a dispatcher', { dispatcher: {} }],
  ])('%s is refused', async (_name, init) => {
    expect(await codeOf(fetch('/', init as RequestInit))).toBe('connection_misconfigured');
    expect(callee.calls).toHaveLength(0);
    expect((await fetch('/')).status).toBe(200);
  });

  it('a Content-Length of the call does not make a call of its own of the rest', async () => {
    const body = 'abcGET /admin HTTP/1.1\r\nHost: other.example\r\n\r\n';
    await fetch('/post', { method: 'POST', body, headers: { 'Content-Length': '3' } });
    await fetch('/get', { headers: { 'content-length': '5' } });
    await fetch('/next');
    expect(callee.calls.map((call) => [call.path, call.body])).toEqual([
      ['/post', body],
      ['/get', ''],
      ['/next', ''],
    ]);
  });

  it.each([301, 302, 303, 307, 308])('a redirect with status %i is not followed', async (status) => {
    const other = await startCallee();
    callee.answer = (_call, response) => response.writeHead(status, { location: `${other.url}/x` }).end();
    expect(await codeOf(fetch('/', { redirect: 'follow' }))).toBe('redirect_refused');
    expect(other.calls).toHaveLength(0);
    await other.close();
  });
});

describe('one deadline', () => {
  it('counts the wait for the token', async () => {
    issuer.always = hang;
    expect(await codeOf(fetch('/', { timeout: 150 }))).toBe('deadline_exceeded');
    expect(callee.calls).toHaveLength(0);
  });

  it('ends a callee that does not answer', async () => {
    callee.answer = () => undefined;
    expect(await codeOf(fetch('/', { timeout: 150 }))).toBe('deadline_exceeded');
  });

  it('ends a body that drips', async () => {
    callee.answer = (_call, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    };
    const response = await fetch('/', { timeout: 300 });
    expect(await codeOf(response.text())).toBe('deadline_exceeded');
  });

  it('frees the connection of a body that nobody reads', async () => {
    let closed = false;
    callee.answer = (_call, response) => {
      response.on('close', () => (closed = true));
      response.writeHead(200).write('x'.repeat(1_000_000));
    };
    await fetch('/', { timeout: 200 });
    await expect.poll(() => closed, { timeout: 5_000 }).toBe(true);
  });

  it('a signal ends the wait for the token, with its own reason', async () => {
    issuer.always = hang;
    const reason = new Error('no longer needed');
    const controller = new AbortController();
    const call = fetch('/', { signal: controller.signal });
    await expect.poll(() => issuer.seen.length).toBe(1);
    controller.abort(reason);
    expect(await errorOf(call)).toBe(reason);
  });

  it('a signal ends a call and a body that are under way', async () => {
    callee.answer = (call, response) =>
      call.path === '/body' ? response.writeHead(200).write('x') : undefined;
    const waiting = new AbortController();
    const call = fetch('/', { signal: waiting.signal });
    await expect.poll(() => callee.calls.length).toBe(1);
    waiting.abort();
    expect((await errorOf(call)).name).toBe('AbortError');
    const reading = new AbortController();
    const response = await fetch('/body', { signal: reading.signal });
    reading.abort();
    expect((await errorOf(response.text())).name).toBe('AbortError');
  });

  it('the largest response is bounded, announced or not', async () => {
    await restart({ maxResponseBytes: 100 });
    callee.answer = (call, response) =>
      call.path === '/announced' ? response.end('x'.repeat(101)) : response.write('x'.repeat(101));
    expect(await codeOf(fetch('/announced'))).toBe('response_too_large');
    const response = await fetch('/chunked');
    expect(await codeOf(response.text())).toBe('response_too_large');
    callee.answer = (_call, answer) => answer.end('x'.repeat(100));
    expect(await (await fetch('/')).text()).toHaveLength(100);
  });
});

describe('a token that the callee refuses', () => {
  beforeEach(() => {
    callee.answer = (call, response, index) =>
      index === 0 ? refuse(401, invalidToken)(call, response) : refuse(201)(call, response);
  });

  it.each([
    ['text', '{"sku":"a"}'],
    ['a form', new URLSearchParams({ sku: 'a' })],
    ['a blob', new Blob(['sku'])],
  ])('is replaced, and the call is sent once more: %s', async (_name, body) => {
    expect((await fetch('/reservations', { method: 'POST', body })).status).toBe(201);
    expect(callee.calls[1]?.body).toBe(callee.calls[0]?.body);
    expect(callee.calls[1]?.headers.authorization).toBe(`Bearer ${issuer.tokens[1]}`);
    expect(issuer.seen).toHaveLength(2);
  });

  it('a stream is not sent twice, but the next call has another token', async () => {
    expect((await fetch('/upload', { method: 'POST', body: stream('abc') })).status).toBe(401);
    await fetch('/');
    expect(callee.calls.map(({ body }) => body)).toEqual(['abc', '']);
    expect(callee.calls[1]?.headers.authorization).toBe(`Bearer ${issuer.tokens[1]}`);
  });

  it('401 loops end after one more try', async () => {
    callee.answer = refuse(401, invalidToken);
    expect((await fetch('/')).status).toBe(401);
    expect([callee.calls.length, issuer.seen.length]).toEqual([2, 2]);
  });

  it('insufficient_scope is not repeated', async () => {
    callee.answer = refuse(403, 'Bearer error="insufficient_scope", scope="write:reservations"');
    expect((await fetch('/')).status).toBe(403);
    expect([callee.calls.length, issuer.seen.length]).toEqual([1, 1]);
  });
});

describe('errors', () => {
  it('a callee that is down is callee_unreachable, with the reason and without the token', async () => {
    await callee.close();
    const error = await errorOf(fetch('/', { method: 'POST', body: 'x' }));
    expect([error.code, error.message.includes('ECONNREFUSED')]).toEqual(['callee_unreachable', true]);
    expect(leaksIn(error, [...issuer.tokens, clientSecret])).toEqual([]);
  });

  it('a connection that breaks in the middle of a body is callee_unreachable', async () => {
    callee.answer = (_call, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      setImmediate(() => response.destroy());
    };
    const error = await errorOf(fetch('/').then((response) => response.text()));
    expect(error.code).toBe('callee_unreachable');
    expect(leaksIn(error, issuer.tokens)).toEqual([]);
  });

  it('a request that fetch itself refuses stays a TypeError', async () => {
    expect(await errorOf(fetch('/', { body: 'x' }))).toBeInstanceOf(TypeError);
    expect(callee.calls).toHaveLength(0);
  });
});

describe('tokens that are bound to a DPoP key', () => {
  it('come with a proof, and with another where the callee asks for its nonce', async () => {
    const nonces: DpopNonces = new RollingDpopNonces(randomBytes(32));
    const scopes = ['read:stock'];
    const server = await LoopbackIssuer.start({
      apis: [{ audience, scopes }],
      clients: [{ clientId: 'orders' }],
    });
    const guarded = await startGuardedCallee({
      issuer: server.issuer,
      jwksUri: server.jwksUri,
      sender: { required: true, dpop: { nonces } },
    });
    const bound = await startApp({
      issuer: server.issuer,
      clientId: 'orders',
      clientSecret: server.clientSecret('orders'),
      dpop: true,
      connections: { inventory: { baseUrl: guarded.url, audience, scopes } },
    });
    expect((await bound.fetch('/stock/a?b=c', { method: 'POST', body: 'x' })).status).toBe(200);
    expect(guarded.calls.map(({ outcome, body }) => [outcome, body])).toEqual([
      ['sender_mismatch dpop_nonce', 'x'],
      ['accepted', 'x'],
    ]);
    await bound.close();
    await guarded.close();
    await server.close();
  });
});
