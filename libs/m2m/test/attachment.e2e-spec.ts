import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import axios, { isAxiosError } from 'axios';
import { firstValueFrom, retry } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audience, clientSecret, optionsFor, startApp } from './support/app.js';
import { refuse, startCallee, type TestCallee } from './support/callee.js';
import { hang, json, startIssuer, type TestIssuer } from './support/issuer.js';
import { codeOf, errorOf, leaksIn } from './support/leaks.js';

const invalidToken = 'Bearer error="invalid_token", error_description="no"';
const insufficientScope = 'Bearer error="insufficient_scope", scope="write:reservations"';

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

const get = (path: string, config = {}) => firstValueFrom(app.http.get<unknown>(path, config));
const post = (path: string, body: unknown, config = {}) =>
  firstValueFrom(app.http.post<unknown>(path, body, config));
const secrets = () => [...issuer.tokens, clientSecret];

describe('a call through a connection', () => {
  it('carries the token as a Bearer header', async () => {
    const { data, status } = await get('/stock/apple');
    expect([status, data]).toEqual([200, { ok: true }]);
    expect(callee.calls[0]?.headers.authorization).toBe(`Bearer ${issuer.tokens[0]}`);
  });

  it('asks for exactly the audience and scopes of the connection', async () => {
    await get('/');
    const form = issuer.seen[0]?.form;
    expect([form?.get('audience'), form?.get('scope')]).toEqual([audience, 'read:stock write:reservations']);
  });

  it('needs one token for many calls', async () => {
    await Promise.all(Array.from({ length: 50 }, () => get('/')));
    await get('/');
    expect([callee.calls.length, issuer.seen.length]).toEqual([51, 1]);
  });

  it('sends method, query, headers and body as they were given', async () => {
    await post(
      '/reservations',
      { sku: 'a b' },
      { params: { dry: 'a&b' }, headers: { 'x-request-id': 'r1' } },
    );
    const call = callee.calls[0];
    expect([call?.method, call?.path, call?.body]).toEqual([
      'POST',
      '/reservations?dry=a%26b',
      '{"sku":"a b"}',
    ]);
    expect([call?.headers['x-request-id'], call?.headers['content-type']]).toEqual([
      'r1',
      'application/json',
    ]);
  });

  it('names no content type where there is no body', async () => {
    await firstValueFrom(app.http.post('/orders/1/fulfilment'));
    await post('/reservations', { sku: 'apple' });
    expect(callee.calls.map(({ headers }) => headers['content-type'])).toEqual([
      undefined,
      'application/json',
    ]);
  });

  it('does not call at all where no token can be had', async () => {
    issuer.always = json(401, { error: 'access_denied', error_description: 'Unauthorized' });
    expect(await codeOf(get('/'))).toBe('client_rejected');
    expect(callee.calls).toHaveLength(0);
  });

  it('leaves the global axios instance as it is', async () => {
    await get('/');
    await axios.get(`${callee.url}/bare`);
    expect(callee.calls.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
    expect(app.http.axiosRef).not.toBe(axios);
  });

  it('is made anew by rxjs retry, with the same token', async () => {
    callee.answer = (call, response, index) =>
      index === 0 ? refuse(503)(call, response) : refuse(200)(call, response);
    const { status } = await firstValueFrom(app.http.get('/').pipe(retry(1)));
    expect([status, callee.calls.length, issuer.seen.length]).toEqual([200, 2, 1]);
  });
});

describe('origin', () => {
  it.each([
    ['an absolute URL of another host', 'http://evil.example/steal'],
    ['a protocol-relative URL', '//evil.example/steal'],
    ['another port', 'http://127.0.0.1:9/steal'],
    ['another scheme', 'https://127.0.0.1/steal'],
    ['user information', 'http://user:pass@127.0.0.1/'],
  ])('%s is refused and gets no token', async (_name, url) => {
    expect(await codeOf(get(url))).toBe('origin_mismatch');
    expect(issuer.seen).toHaveLength(0);
    expect(await codeOf(get(`${callee.url}/absolute-but-own`))).toBeUndefined();
  });

  it('a baseURL of a call does not lead elsewhere', async () => {
    const other = await startCallee();
    expect(await codeOf(get('/x', { baseURL: other.url }))).toBe('origin_mismatch');
    expect(other.calls).toHaveLength(0);
    await other.close();
  });

  it.each([
    '/../admin',
    '/%2e%2e/admin',
    '/..%2fadmin',
    '/x/..%5c..%5cadmin',
    '/%2e%2e%2fadmin',
    '/..;/admin',
  ])('a path that climbs out of the base path is refused: %s', async (path) => {
    const below = await startApp(
      optionsFor(issuer, callee, {
        connections: { inventory: { baseUrl: `${callee.url}/api/v1`, audience } },
      }),
    );
    expect(await codeOf(firstValueFrom(below.http.get(path)))).toBe('origin_mismatch');
    expect(await codeOf(firstValueFrom(below.http.get('/stock/a%2Fb')))).toBeUndefined();
    expect(callee.calls.map((call) => call.path)).toEqual(['/api/v1/stock/a%2Fb']);
    await below.close();
  });

  it.each([
    ['a socket path', { socketPath: '/tmp/other.sock' }],
    ['a transport', { transport: { request: () => undefined } }],
    ['a look-up of names', { lookup: () => undefined }],
    ['an agent', { httpAgent: new Agent() }],
    ['an agent for https', { httpsAgent: new Agent() }],
    ['a connection for HTTP/2', { httpVersion: 2, http2Options: { createConnection: () => undefined } }],
    ['a Host header', { headers: { host: 'other.example' } }],
    ['a Transfer-Encoding header', { headers: { 'Transfer-Encoding': 'chunked' } }],
  ])('%s, which could lead elsewhere, is refused', async (_, config) => {
    expect(await codeOf(get('/', config))).toBe('connection_misconfigured');
    expect(callee.calls).toHaveLength(0);
    expect((await get('/')).status).toBe(200);
  });

  it('a Content-Length of the call does not make a call of its own of the rest', async () => {
    const body = 'abcGET /admin HTTP/1.1\r\nHost: other.example\r\n\r\n';
    await get('/post', { method: 'POST', data: body, headers: { 'Content-Length': '3' } });
    await get('/get', { headers: { 'content-length': '5' } });
    await get('/next');
    expect(callee.calls.map((call) => [call.path, call.body])).toEqual([
      ['/post', body],
      ['/get', ''],
      ['/next', ''],
    ]);
  });

  it('a timeout beyond what a timer can hold does not end the call at once', async () => {
    expect((await get('/', { timeout: 3e9 })).status).toBe(200);
  });

  it.each([301, 302, 303, 307, 308])('a redirect with status %i is not followed', async (status) => {
    const other = await startCallee();
    callee.answer = (_call, response) => response.writeHead(status, { location: `${other.url}/x` }).end();
    expect(await codeOf(get('/', { maxRedirects: 5 }))).toBe('redirect_refused');
    expect(other.calls).toHaveLength(0);
    await other.close();
  });

  it('304 is an answer and no redirect', async () => {
    callee.answer = (_call, response) => response.writeHead(304).end();
    expect((await get('/', { validateStatus: () => true })).status).toBe(304);
  });

  it('a proxy of the environment gets no token', async () => {
    const proxy = await startCallee();
    process.env['HTTP_PROXY'] = proxy.url;
    process.env['http_proxy'] = proxy.url;
    try {
      await get('/');
      expect([proxy.calls.length, callee.calls.length]).toEqual([0, 1]);
    } finally {
      delete process.env['HTTP_PROXY'];
      delete process.env['http_proxy'];
      await proxy.close();
    }
  });
});

describe('credentials of a call', () => {
  it.each([
    ['an Authorization header', { headers: { authorization: 'Bearer mine' } }],
    ['a DPoP header', { headers: { DPoP: 'proof' } }],
    ['basic authentication', { auth: { username: 'a', password: 'b' } }],
  ])('%s is refused', async (_name, config) => {
    expect(await codeOf(get('/', config))).toBe('connection_misconfigured');
    expect(await codeOf(get('/', { headers: { 'x-other': '1' } }))).toBeUndefined();
    expect(callee.calls).toHaveLength(1);
  });

  it('an adapter of its own is refused', async () => {
    expect(await codeOf(get('/', { adapter: 'http' }))).toBe('connection_misconfigured');
    expect(callee.calls).toHaveLength(0);
  });
});

describe('one deadline', () => {
  it('counts the wait for the token', async () => {
    issuer.always = hang;
    const started = performance.now();
    expect(await codeOf(get('/', { timeout: 150 }))).toBe('deadline_exceeded');
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(callee.calls).toHaveLength(0);
  });

  it('ends a callee that does not answer', async () => {
    callee.answer = () => undefined;
    expect(await codeOf(get('/', { timeout: 150 }))).toBe('deadline_exceeded');
  });

  it('ends a callee that drips', async () => {
    callee.answer = (_call, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    };
    expect(await codeOf(get('/', { timeout: 200 }))).toBe('deadline_exceeded');
  });

  it('a timeout of 0 does not mean for ever', async () => {
    await app.close();
    app = await startApp(
      optionsFor(issuer, callee, {
        connections: { inventory: { baseUrl: callee.url, audience, timeout: 150 } },
      }),
    );
    callee.answer = () => undefined;
    expect(await codeOf(get('/', { timeout: 0 }))).toBe('deadline_exceeded');
  });

  it('a signal ends the wait for the token, and nobody else is hurt', async () => {
    let open = () => undefined as void;
    issuer.next.push((response) => {
      open = () =>
        void json(200, { access_token: 'late-token-1234567890', token_type: 'Bearer', expires_in: 60 })(
          response,
          issuer.seen[0] as never,
        );
    });
    const controller = new AbortController();
    const first = get('/', { signal: controller.signal });
    const second = get('/');
    await expect.poll(() => issuer.seen.length).toBe(1);
    controller.abort();
    expect(await codeOf(first)).toBe('ERR_CANCELED');
    open();
    expect((await second).status).toBe(200);
    expect(callee.calls).toHaveLength(1);
  });

  it('unsubscribing before the token comes sends nothing', async () => {
    let open = () => undefined as void;
    issuer.next.push((response) => {
      open = () =>
        void json(200, { access_token: 'late-token-1234567890', token_type: 'Bearer', expires_in: 60 })(
          response,
          issuer.seen[0] as never,
        );
    });
    const subscription = app.http.get('/').subscribe({ error: () => undefined });
    await expect.poll(() => issuer.seen.length).toBe(1);
    subscription.unsubscribe();
    open();
    await get('/second');
    expect(callee.calls.map((call) => call.path)).toEqual(['/second']);
  });

  it('the largest response is bounded', async () => {
    await app.close();
    app = await startApp(
      optionsFor(issuer, callee, {
        connections: { inventory: { baseUrl: callee.url, audience, maxResponseBytes: 100 } },
      }),
    );
    callee.answer = (_call, response) => response.end('x'.repeat(101));
    expect(await codeOf(get('/'))).toBe('ERR_BAD_RESPONSE');
    callee.answer = (_call, response) => response.end('x'.repeat(100));
    expect(await codeOf(get('/'))).toBeUndefined();
  });
});

describe('a token that the callee refuses', () => {
  it('is replaced, and the call is sent once more', async () => {
    callee.answer = (call, response, index) =>
      index === 0 ? refuse(401, invalidToken)(call, response) : refuse(201)(call, response);
    const { status } = await post('/reservations', { sku: 'a' });
    expect([status, callee.calls.length, issuer.seen.length]).toEqual([201, 2, 2]);
    expect(callee.calls[1]?.body).toBe('{"sku":"a"}');
    expect(callee.calls[1]?.headers.authorization).toBe(`Bearer ${issuer.tokens[1]}`);
  });

  it('401 loops end after one more try', async () => {
    callee.answer = refuse(401, invalidToken);
    const error = await errorOf(get('/'));
    expect(isAxiosError(error) && error.response?.status).toBe(401);
    expect([callee.calls.length, issuer.seen.length]).toEqual([2, 2]);
  });

  it('a callee that refuses every token costs no more tokens', async () => {
    callee.answer = refuse(401, invalidToken);
    for (let call = 0; call < 5; call++) await errorOf(get('/'));
    expect(issuer.seen).toHaveLength(2);
  });

  it.each([
    ['without a challenge', 401, undefined],
    ['with another error', 401, 'Bearer error="invalid_request"'],
    ['with a challenge of another scheme', 401, 'Basic realm="x", error="invalid_token"'],
    ['with status 403', 403, invalidToken],
  ])('a refusal %s is not repeated', async (_name, status, challenge) => {
    callee.answer = refuse(status, challenge);
    const error = await errorOf(get('/'));
    expect(isAxiosError(error) && error.response?.status).toBe(status);
    expect([callee.calls.length, issuer.seen.length]).toEqual([1, 1]);
  });

  it('insufficient_scope is never repeated; the error names the scope and the grant', async () => {
    callee.answer = refuse(403, insufficientScope, { code: 'scope_missing' });
    const error = await errorOf(post('/reservations', {}));
    expect(error.message).toContain('write:reservations');
    expect(error.message).toContain('client grant');
    expect(isAxiosError(error) && error.response?.data).toEqual({ code: 'scope_missing' });
    expect([callee.calls.length, issuer.seen.length]).toEqual([1, 1]);
  });

  it('a stream is not sent twice, but the next call has another token', async () => {
    callee.answer = (call, response, index) =>
      index === 0 ? refuse(401, invalidToken)(call, response) : refuse(200)(call, response);
    const error = await errorOf(post('/upload', Readable.from(['abc'])));
    expect(isAxiosError(error) && error.response?.status).toBe(401);
    expect(callee.calls.map(({ body }) => body)).toEqual(['abc']);
    await get('/');
    expect(callee.calls[1]?.headers.authorization).toBe(`Bearer ${issuer.tokens[1]}`);
  });

  it('many calls that are refused at once share one new token', async () => {
    callee.answer = (call, response) =>
      call.headers.authorization === `Bearer ${issuer.tokens[0]}`
        ? refuse(401, invalidToken)(call, response)
        : refuse(200)(call, response);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('/')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(issuer.seen).toHaveLength(2);
  });
});

describe('errors of the callee', () => {
  it.each([400, 404, 409, 500, 503])('status %i is an axios error with status and body', async (status) => {
    callee.answer = refuse(status, undefined, { code: 'insufficient_stock' });
    const error = await errorOf(get('/'));
    expect(isAxiosError(error) && [error.response?.status, error.response?.data, error.status]).toEqual([
      status,
      { code: 'insufficient_stock' },
      status,
    ]);
  });

  it('a callee that is down is an axios error without a response', async () => {
    await callee.close();
    const error = await errorOf(get('/'));
    expect(isAxiosError(error) && [error.code, error.response]).toEqual(['ECONNREFUSED', undefined]);
  });

  it('HTML is handed on as text, as axios does', async () => {
    callee.answer = (_call, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>no</h1>');
    const error = await errorOf(get('/'));
    expect(isAxiosError(error) && error.response?.data).toBe('<h1>no</h1>');
  });

  it('validateStatus of the caller decides', async () => {
    callee.answer = refuse(404);
    expect((await get('/', { validateStatus: () => true })).status).toBe(404);
  });
});

describe('nothing secret in sight', () => {
  const provoke: Record<string, () => Promise<unknown>> = {
    'a status of 409': async () => {
      callee.answer = refuse(409);
      return errorOf(post('/', { a: 1 }));
    },
    'an insufficient scope': async () => {
      callee.answer = refuse(403, insufficientScope);
      return errorOf(get('/'));
    },
    'a refused token': async () => {
      callee.answer = refuse(401, invalidToken);
      return errorOf(get('/'));
    },
    'a broken connection': async () => {
      callee.answer = (_call, response) => void response.destroy();
      return errorOf(get('/'));
    },
    'a deadline': async () => {
      callee.answer = () => undefined;
      return errorOf(get('/', { timeout: 100 }));
    },
    'a redirect': async () => {
      callee.answer = (_call, response) => response.writeHead(302, { location: '/x' }).end();
      return errorOf(get('/'));
    },
    'an answer that is no JSON': async () => {
      callee.answer = (_call, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{');
      return errorOf(get('/', { responseType: 'json', transitional: { silentJSONParsing: false } }));
    },
    'an answer that is too large': async () => {
      callee.answer = (_call, response) => response.end('x'.repeat(11 * 1024 * 1024));
      return errorOf(get('/'));
    },
    'a caller that gives up': async () => {
      callee.answer = () => undefined;
      return errorOf(get('/', { signal: AbortSignal.timeout(100) }));
    },
    'an origin that is not the connection’s': () => errorOf(get('http://evil.example/')),
    'a success': async () => {
      callee.answer = refuse(200);
      return get('/');
    },
  };

  it.each(Object.keys(provoke))('%s holds neither token nor secret', async (name) => {
    await get('/warm');
    const outcome = await provoke[name]?.();
    expect(issuer.tokens.length).toBeGreaterThan(0);
    expect(leaksIn(outcome, secrets())).toEqual([]);
    expect(leaksIn(inspect(outcome, { depth: 20, showHidden: true }), secrets())).toEqual([]);
  });

  it('the scanner finds a token in the error of a bare axios call', async () => {
    await get('/warm');
    callee.answer = refuse(409);
    const bare = await errorOf(
      axios.get(callee.url, { headers: { authorization: `Bearer ${issuer.tokens[0]}` } }),
    );
    expect(leaksIn(bare, secrets()).length).toBeGreaterThan(0);
  });

  it('an issuer that echoes the secret does not get it into the error', async () => {
    issuer.always = json(401, { error: 'invalid_client', error_description: `bad secret ${clientSecret}` });
    const error = await errorOf(get('/'));
    expect(error.code).toBe('client_rejected');
    expect(leaksIn(error, secrets())).toEqual([]);
  });

  it('a streamed answer that is too large fails without its request, and one that is not is read', async () => {
    const small = await startApp(
      optionsFor(issuer, callee, {
        connections: { inventory: { baseUrl: callee.url, audience, maxResponseBytes: 1_000 } },
      }),
    );
    const read = async (size: number) => {
      callee.answer = (_call, response) => response.end('x'.repeat(size));
      const { data } = await firstValueFrom(small.http.get<Readable>('/', { responseType: 'stream' }));
      return Buffer.concat((await data.toArray()) as Buffer[]).length;
    };
    expect(await read(1_000)).toBe(1_000);
    const error = await errorOf(read(1_001));
    expect(error).toMatchObject({ name: 'AxiosError', code: 'ERR_BAD_RESPONSE' });
    expect(leaksIn(error, secrets())).toEqual([]);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(issuer.tokens.at(-1));
    await small.close();
  });

  it.each([200, 302])(
    'a streamed answer with status %i that nobody reads keeps no connection',
    async (status) => {
      const closed = new Promise<void>((resolve) => {
        callee.answer = (_call, response) => {
          response.writeHead(status, { location: '/elsewhere' }).write('more is to come');
          response.once('close', resolve);
        };
      });
      const answer = get('/', { responseType: 'stream' });
      if (status === 302) expect(await codeOf(answer)).toBe('redirect_refused');
      else ((await answer).data as Readable).destroy();
      await closed;
    },
  );

  it('a streamed answer does not show its request', async () => {
    const { data } = await get('/', { responseType: 'stream' });
    expect(inspect(data, { depth: 6 })).not.toContain(issuer.tokens[0]);
    (data as Readable).destroy();
  });
});
