import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AccessTokenVerifier,
  Authenticated,
  Caller,
  CallerIs,
  Public,
  RequireAnyScope,
  RequireAudience,
  RequireScopes,
} from '../src/index.js';
import { ADAPTERS, bearer, type RunningApp, startApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';
import { rawRequest } from './support/raw-request.js';

const ADMIN_AUDIENCE = 'https://admin.countersign.example';

@Controller('orders')
class OrdersController {
  @Get()
  @RequireScopes('read:orders')
  list(@Caller() caller: Caller) {
    return { clientId: caller.clientId, scopes: [...caller.scopes], audience: caller.audience };
  }

  @Post()
  @HttpCode(200)
  @RequireScopes('read:orders')
  place(@Body() body: unknown) {
    return { body };
  }

  @Get('any')
  @RequireAnyScope('read:orders', 'write:orders')
  any() {
    return { ok: true };
  }

  @Get('both')
  @RequireScopes('read:orders', 'write:orders')
  both() {
    return { ok: true };
  }

  @Get('fulfilments')
  @CallerIs('inventory')
  @RequireScopes('write:fulfilments')
  fulfilments() {
    return { ok: true };
  }

  @Get('whoami')
  @Authenticated()
  whoami(@Caller() caller: Caller) {
    return { clientId: caller.clientId };
  }

  @Get('admin')
  @RequireAudience(ADMIN_AUDIENCE)
  admin() {
    return { ok: true };
  }

  @Get('open')
  @Public()
  open() {
    return { ok: true };
  }
}

describe.each(ADAPTERS)('refusals over HTTP on %s', (adapter) => {
  let issuer: TestIssuer;
  let app: RunningApp;

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    app = await startApp(adapter, { issuer: issuer.url, audience: [AUDIENCE, ADMIN_AUDIENCE] }, [
      OrdersController,
    ]);
  });
  afterAll(async () => {
    await app?.close();
    await issuer?.close();
  });

  async function refused(response: Response | Promise<Response>) {
    const { status, headers, ...rest } = await response;
    void rest;
    const body = (await (await response).json()) as Record<string, unknown>;
    return {
      status,
      challenge: headers.get('www-authenticate'),
      cache: headers.get('cache-control'),
      headers,
      body,
    };
  }

  it('answers a caller with the scope, and hands the caller to the handler', async () => {
    const response = await app.get('/orders', bearer(await issuer.mint()));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      clientId: 'storefront',
      scopes: ['read:orders'],
      audience: [AUDIENCE],
    });
  });

  it('counts every refusal once, by issuer and code, whichever guard decides', async () => {
    const one = await startApp(adapter, { issuer: issuer.url, audience: [AUDIENCE, ADMIN_AUDIENCE] }, [
      OrdersController,
    ]);
    try {
      const reader = bearer(await issuer.mint());
      expect((await one.get('/orders', reader)).status).toBe(200);
      await one.get('/orders');
      await one.get('/orders', { authorization: 'Bearer a b' });
      await one.get('/orders', bearer(await issuer.forge()));
      await one.get('/orders/both', reader);
      await one.get('/orders/admin', reader);
      const codes = [
        'token_missing',
        'request_malformed',
        'signature_invalid',
        'scope_missing',
        'audience_mismatch',
      ];
      expect(one.app.get(AccessTokenVerifier).stats()).toMatchObject({
        refused: codes.map((code) => ({ issuer: issuer.url, code, count: 1 })),
        reported: [],
      });
    } finally {
      await one.close();
    }
  });

  it('recognises a token that it verified before', async () => {
    const token = await issuer.mint();
    for (let index = 0; index < 3; index += 1) {
      expect((await app.get('/orders', bearer(token))).status).toBe(200);
    }
  });

  it('answers a public route without credentials, and does not look at those it gets', async () => {
    expect((await app.get('/orders/open')).status).toBe(200);
    expect((await app.get('/orders/open', { authorization: 'Bearer nonsense' })).status).toBe(200);
  });

  it('refuses a request without credentials with a challenge that holds no error', async () => {
    const { status, challenge, cache, body } = await refused(app.get('/orders'));
    expect(status).toBe(401);
    expect(challenge).toBe(`Bearer realm="${AUDIENCE}"`);
    expect(cache).toBe('no-store');
    expect(body).toEqual({ statusCode: 401, message: expect.any(String) as string, code: 'token_missing' });
  });

  it.each([
    ['another scheme', { authorization: 'Basic c3RvcmVmcm9udDpzZWNyZXQ=' }, '/orders'],
    ['a token in the query alone', {}, '/orders?access_token=abc'],
  ])('takes %s for no credentials', async (_, headers, path) => {
    const { status, challenge, body } = await refused(app.get(path, headers));
    expect([status, body['code']]).toEqual([401, 'token_missing']);
    expect(challenge).not.toContain('error');
  });

  it.each(['bearer', 'BEARER', 'bEaReR'])('reads the scheme %s without regard to case', async (scheme) => {
    expect((await app.get('/orders', { authorization: `${scheme} ${await issuer.mint()}` })).status).toBe(
      200,
    );
  });

  it.each([
    ['junk after the token', (token: string) => `Bearer ${token} junk`],
    ['a list of tokens', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['a list of schemes', (token: string) => `Basic abc, Bearer ${token}`],
    ['a scheme without a token', () => 'Bearer'],
    ['a parameter in place of a token', (token: string) => `Bearer token="${token}"`],
    ['a tab in place of the space', (token: string) => `Bearer\t${token}`],
    ['a token with a character outside the grammar', (token: string) => `Bearer ${token}!`],
  ])('refuses a header with %s', async (_, header) => {
    const token = await issuer.mint();
    expect((await app.get('/orders', bearer(token))).status).toBe(200);
    const { status, challenge, body } = await refused(app.get('/orders', { authorization: header(token) }));
    expect(status).toBe(400);
    expect(body).toEqual({
      statusCode: 400,
      error: 'invalid_request',
      message: expect.any(String) as string,
      code: 'request_malformed',
    });
    expect(challenge).toContain('error="invalid_request"');
  });

  it('refuses a second Authorization header, also when both hold the same good token', async () => {
    const line = `Authorization: Bearer ${await issuer.mint()}`;
    expect((await rawRequest(app.url, '/orders', [line])).status).toBe(200);
    const { status, body } = await rawRequest(app.url, '/orders', [line, line.replace('A', 'a')]);
    expect([status, (body as { code: string }).code]).toEqual([400, 'request_malformed']);
  });

  it('refuses a token in the query beside the one in the header', async () => {
    const token = await issuer.mint();
    expect((await app.get('/orders?page=1', bearer(token))).status).toBe(200);
    const { status, body } = await refused(app.get(`/orders?page=1&access_token=${token}`, bearer(token)));
    expect([status, body['code']]).toEqual([400, 'request_malformed']);
    const encoded = await refused(app.get(`/orders?access%5Ftoken=${token}`, bearer(token)));
    expect([encoded.status, encoded.body['code']]).toEqual([400, 'request_malformed']);
  });

  it('refuses a token in a JSON-free form beside the one in the header, and leaves JSON bodies alone', async () => {
    const token = await issuer.mint();
    const post = (body: string, type: string) =>
      fetch(new URL('/orders', app.url), {
        method: 'POST',
        headers: { ...bearer(token), 'content-type': type },
        body,
      });
    const json = await post(JSON.stringify({ access_token: 'a field of the domain' }), 'application/json');
    expect(json.status).toBe(200);
    const { status, body } = await refused(
      post(`access_token=${token}`, 'application/x-www-form-urlencoded'),
    );
    expect([status, body['code']]).toEqual([400, 'request_malformed']);
  });

  it.each([
    ['signed by a stranger', () => issuer.forge(), 'signature_invalid'],
    ['for another audience', () => issuer.mint({ audience: 'https://stock.example' }), 'audience_mismatch'],
    ['of another issuer', () => issuer.mint({ claims: { iss: 'https://evil.example/' } }), 'issuer_mismatch'],
    ['that has expired', () => issuer.mint({ expiresIn: -3600, claims: { iat: 1 } }), 'token_expired'],
    ['without an expiry', () => issuer.mint({ claims: { exp: undefined } }), 'claim_missing'],
    ['of another type', () => issuer.mint({ header: { typ: 'logout+jwt' } }), 'typ_not_allowed'],
    ['that is not a JWT', async () => 'nonsense', 'token_malformed'],
  ])('refuses a token %s', async (_, mint, code) => {
    const { status, challenge, cache, body } = await refused(app.get('/orders', bearer(await mint())));
    expect(status).toBe(401);
    expect(body).toEqual({
      statusCode: 401,
      error: 'invalid_token',
      message: expect.any(String) as string,
      code,
    });
    expect(challenge).toMatch(/^Bearer realm="[^"]+", error="invalid_token", error_description="[^"\\]+"$/);
    expect(cache).toBe('no-store');
  });

  it('refuses a token without the scope, and names the scopes that the route needs', async () => {
    const both = await issuer.mint({ scope: 'read:orders write:orders' });
    expect((await app.get('/orders/both', bearer(both))).status).toBe(200);
    const { status, challenge, body } = await refused(app.get('/orders/both', bearer(await issuer.mint())));
    expect(status).toBe(403);
    expect(body).toEqual({
      statusCode: 403,
      error: 'insufficient_scope',
      message: 'The access token lacks the scope write:orders.',
      code: 'scope_missing',
    });
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="read:orders write:orders"');
  });

  it('takes any one of the scopes of @RequireAnyScope(), and no other', async () => {
    for (const scope of ['read:orders', 'write:orders', 'x write:orders']) {
      expect((await app.get('/orders/any', bearer(await issuer.mint({ scope })))).status).toBe(200);
    }
    const { status, challenge, body } = await refused(
      app.get('/orders/any', bearer(await issuer.mint({ scope: 'x' }))),
    );
    expect([status, body['code']]).toEqual([403, 'scope_missing']);
    expect(challenge).toContain('scope="read:orders"');
  });

  it('refuses another client than the one of @CallerIs(), whatever its scopes', async () => {
    const scope = 'write:fulfilments';
    const good = await issuer.mint({ scope, clientId: 'inventory' });
    expect((await app.get('/orders/fulfilments', bearer(good))).status).toBe(200);
    const { status, body } = await refused(
      app.get('/orders/fulfilments', bearer(await issuer.mint({ scope }))),
    );
    expect([status, body['error'], body['code']]).toEqual([403, 'insufficient_scope', 'scope_missing']);
  });

  it('lets any client with a valid token into an @Authenticated() route, and nobody else', async () => {
    const response = await app.get('/orders/whoami', bearer(await issuer.mint({ scope: '' })));
    expect(await response.json()).toEqual({ clientId: 'storefront' });
    const { status, body } = await refused(app.get('/orders/whoami'));
    expect([status, body['code']]).toEqual([401, 'token_missing']);
  });

  it('keeps a token for one audience of the service out of a route for another', async () => {
    const admin = await issuer.mint({ audience: ADMIN_AUDIENCE });
    expect((await app.get('/orders/admin', bearer(admin))).status).toBe(200);
    const { status, body } = await refused(app.get('/orders/admin', bearer(await issuer.mint())));
    expect([status, body['error'], body['code']]).toEqual([401, 'invalid_token', 'audience_mismatch']);
  });
});

describe.each(ADAPTERS)('an issuer that cannot be reached, on %s', (adapter) => {
  it('answers 503 with Retry-After, and lets the caller in once the keys are there', async () => {
    const issuer = await TestIssuer.start();
    issuer.down = true;
    const keys = { cooldownSeconds: 1 };
    const issuers = [{ issuer: issuer.url, keys }];
    const app = await startApp(adapter, { issuers, audience: [AUDIENCE, ADMIN_AUDIENCE] }, [
      OrdersController,
    ]);
    try {
      const token = await issuer.mint();
      const response = await app.get('/orders', bearer(token));
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(response.headers.get('www-authenticate')).toBeNull();
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toEqual({
        statusCode: 503,
        error: 'temporarily_unavailable',
        message: expect.any(String) as string,
        code: 'keys_unavailable',
      });
      issuer.down = false;
      await expect
        .poll(async () => (await app.get('/orders', bearer(token))).status, { timeout: 10_000 })
        .toBe(200);
    } finally {
      await app.close();
      await issuer.close();
    }
  });
});
