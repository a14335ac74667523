import { randomBytes } from 'node:crypto';
import { Controller, Get, Logger, Post, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  Authenticated,
  type AuthModuleOptions,
  Caller,
  RequireScopes,
  RollingDpopNonces,
} from '../src/index.js';
import { ADAPTERS, bearer, type RunningApp, startApp } from './support/app.js';
import { DpopClient } from './support/dpop-client.js';
import { AUDIENCE, TestIssuer, type TokenShape } from './support/issuer.js';
import { rawRequest } from './support/raw-request.js';

@Controller('orders')
class OrdersController {
  @Get()
  @RequireScopes('read:orders')
  list(@Caller() caller: Caller) {
    return { clientId: caller.clientId };
  }

  @Post()
  @RequireScopes('write:orders')
  place() {
    return { placed: true };
  }

  @Get('passport')
  @UseGuards(AuthGuard('jwt'))
  @Authenticated()
  passport(@Caller() caller: Caller) {
    return { clientId: caller.clientId };
  }
}

let issuer: TestIssuer;
let client: DpopClient;
let other: DpopClient;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  [client, other] = await Promise.all([DpopClient.create(), DpopClient.create()]);
});
afterAll(() => issuer?.close());

const bound = (shape: TokenShape = {}): Promise<string> =>
  issuer.mint({ ...shape, claims: { ...client.claims, ...shape.claims } });

interface Refusal {
  readonly status: number;
  readonly code: unknown;
  readonly error: unknown;
  readonly challenge: string | null;
}

async function refusalOf(response: Response): Promise<Refusal> {
  const { code, error } = (await response.json()) as { code?: string; error?: string };
  return { status: response.status, code, error, challenge: response.headers.get('www-authenticate') };
}

describe.each(ADAPTERS)('DPoP on %s', (adapter) => {
  const start = (options: Partial<AuthModuleOptions>): Promise<RunningApp> =>
    startApp(adapter, { issuer: issuer.url, audience: AUDIENCE, realm: 'orders', ...options }, [
      OrdersController,
    ]);

  describe('where it is accepted', () => {
    let app: RunningApp;
    let url: string;
    beforeAll(async () => {
      app = await start({ sender: { dpop: true } });
      url = `${app.url}/orders`;
    });
    afterAll(() => app?.close());

    it('lets a token in that comes with a proof of its key, again and again with new proofs', async () => {
      const token = await bound();
      for (let request = 0; request < 3; request++) {
        const response = await app.get('/orders', await client.headers('GET', url, token));
        expect([response.status, await response.json()]).toEqual([200, { clientId: 'storefront' }]);
      }
    });

    it('takes the scheme in any case, and the URL without its query', async () => {
      const token = await bound();
      const headers = await client.headers('GET', url, token);
      const response = await app.get('/orders?page=2', { ...headers, authorization: `dpop ${token}` });
      expect(response.status).toBe(200);
    });

    it('holds the method of the proof against that of the request', async () => {
      const token = await bound({ scope: 'write:orders' });
      const post = async (method: string) =>
        fetch(url, { method: 'POST', headers: await client.headers(method, url, token) });
      expect((await post('POST')).status).toBe(201);
      expect(await refusalOf(await post('GET'))).toMatchObject({ status: 401, error: 'invalid_dpop_proof' });
    });

    it.each<[what: string, headers: (token: string) => Promise<Record<string, string>>]>([
      ['no proof', async (token) => ({ authorization: `DPoP ${token}` })],
      ['a proof for another URL', (token) => client.headers('GET', `${app.url}/stock`, token)],
      ['a proof for another host', (token) => client.headers('GET', 'https://orders.example/orders', token)],
      [
        'a proof for another token',
        async (token) => ({ ...(await client.headers('GET', url, 'other')), authorization: `DPoP ${token}` }),
      ],
      [
        'a proof that is an access token',
        (token) => client.headers('GET', url, token, { header: { typ: 'at+jwt' } }),
      ],
      ['a proof from an hour ago', (token) => client.headers('GET', url, token, { claims: { iat: 1_000 } })],
      ['a proof without an id', (token) => client.headers('GET', url, token, { claims: { jti: undefined } })],
      ['a proof that is none', async (token) => ({ authorization: `DPoP ${token}`, dpop: 'junk' })],
    ])('refuses %s', async (_what, headers) => {
      const response = await app.get('/orders', await headers(await bound()));
      expect(await refusalOf(response)).toEqual({
        status: 401,
        code: 'sender_mismatch',
        error: 'invalid_dpop_proof',
        challenge:
          'DPoP realm="orders", error="invalid_dpop_proof", error_description="The DPoP proof of the request is missing ' +
          'or not valid.", algs="ES256 EdDSA RS256 PS256", Bearer realm="orders"',
      });
    });

    it('refuses the proof of another key', async () => {
      const response = await app.get('/orders', await other.headers('GET', url, await bound()));
      expect(await refusalOf(response)).toMatchObject({
        status: 401,
        code: 'sender_mismatch',
        error: 'invalid_token',
      });
    });

    it('refuses a proof that was used before', async () => {
      const headers = await client.headers('GET', url, await bound());
      expect((await app.get('/orders', headers)).status).toBe(200);
      expect(await refusalOf(await app.get('/orders', headers))).toMatchObject({
        status: 401,
        error: 'invalid_dpop_proof',
      });
    });

    it('refuses two proofs', async () => {
      const token = await bound();
      const [one, two] = await Promise.all([
        client.proof('GET', url, token),
        client.proof('GET', url, token),
      ]);
      const lines = [`Authorization: DPoP ${token}`, `DPoP: ${one}`];
      expect((await rawRequest(app.url, '/orders', lines)).status).toBe(200);
      expect(await rawRequest(app.url, '/orders', [...lines, `DPoP: ${two}`])).toMatchObject({
        status: 401,
        body: { error: 'invalid_dpop_proof' },
      });
    });

    it('refuses a bound token as a bearer token, with its proof and without', async () => {
      const token = await bound();
      const headers = await client.headers('GET', url, token);
      for (const given of [bearer(token), { ...headers, ...bearer(token) }]) {
        const refusal = await refusalOf(await app.get('/orders', given));
        expect(refusal).toMatchObject({ status: 401, code: 'sender_mismatch', error: 'invalid_token' });
        expect(refusal.challenge).toMatch(
          /^Bearer realm="orders", error="invalid_token".*, DPoP realm="orders", algs=/,
        );
      }
      expect((await app.get('/orders', headers)).status).toBe(200);
    });

    it('refuses a bound token that was accepted once before when it comes as a bearer token', async () => {
      const token = await bound();
      expect((await app.get('/orders', await client.headers('GET', url, token))).status).toBe(200);
      expect((await app.get('/orders', bearer(token))).status).toBe(401);
    });

    it('refuses a token that is bound to nothing under the scheme DPoP, and takes it as a bearer token', async () => {
      const token = await issuer.mint();
      expect((await app.get('/orders', bearer(token))).status).toBe(200);
      expect(
        await refusalOf(await app.get('/orders', await client.headers('GET', url, token))),
      ).toMatchObject({
        status: 401,
        code: 'sender_mismatch',
      });
    });

    it.each([
      ['two tokens', (token: string) => `DPoP ${token} ${token}`],
      ['two credentials', (token: string) => `DPoP ${token}, Bearer ${token}`],
      ['no token', () => 'DPoP'],
    ])('refuses %s in one header as malformed', async (_what, authorization) => {
      const token = await bound();
      const headers = await client.headers('GET', url, token);
      const response = await app.get('/orders', { ...headers, authorization: authorization(token) });
      expect(await refusalOf(response)).toMatchObject({ status: 400, code: 'request_malformed' });
    });

    it('refuses a second token in the query', async () => {
      const token = await bound();
      const response = await app.get('/orders?access_token=x', await client.headers('GET', url, token));
      expect(await refusalOf(response)).toMatchObject({ status: 400, code: 'request_malformed' });
    });

    it('challenges with both schemes where there is no token', async () => {
      expect(await refusalOf(await app.get('/orders'))).toEqual({
        status: 401,
        code: 'token_missing',
        error: undefined,
        challenge: 'Bearer realm="orders", DPoP realm="orders", algs="ES256 EdDSA RS256 PS256"',
      });
    });

    it('names the missing scope in the challenge of DPoP', async () => {
      const token = await bound({ scope: 'other' });
      const refusal = await refusalOf(await app.get('/orders', await client.headers('GET', url, token)));
      expect(refusal).toMatchObject({ status: 403, code: 'scope_missing' });
      expect(refusal.challenge).toMatch(/^DPoP .*error="insufficient_scope".*scope="read:orders"/);
    });

    it('uses a proof once for a request, however many guards look at it', async () => {
      const token = await bound();
      const headers = await client.headers('GET', `${url}/passport`, token);
      const response = await app.get('/orders/passport', headers);
      expect([response.status, await response.json()]).toEqual([200, { clientId: 'storefront' }]);
      expect((await app.get('/orders/passport', headers)).status).toBe(401);
    });
  });

  describe('where it is required', () => {
    let app: RunningApp;
    beforeAll(async () => {
      app = await start({ sender: { required: true, dpop: true } });
    });
    afterAll(() => app?.close());

    it('refuses a bearer token, and challenges with DPoP alone', async () => {
      const token = await bound();
      const headers = await client.headers('GET', `${app.url}/orders`, token);
      expect((await app.get('/orders', headers)).status).toBe(200);
      const refusal = await refusalOf(await app.get('/orders', bearer(await issuer.mint())));
      expect(refusal).toMatchObject({ status: 401, code: 'sender_mismatch', error: 'invalid_token' });
      expect(refusal.challenge).toMatch(/^DPoP (?!.*Bearer)/);
    });
  });

  describe('with nonces', () => {
    it('asks for a nonce, gives one, and goes on giving the current one', async () => {
      const nonces = new RollingDpopNonces(randomBytes(32));
      const app = await start({ sender: { dpop: { nonces } } });
      try {
        const token = await bound();
        const url = `${app.url}/orders`;
        const first = await app.get('/orders', await client.headers('GET', url, token));
        const nonce = first.headers.get('dpop-nonce');
        expect(await refusalOf(first)).toMatchObject({ status: 401, error: 'use_dpop_nonce' });
        expect(nonce).toBe(nonces.current());
        const second = await app.get(
          '/orders',
          await client.headers('GET', url, token, { claims: { nonce } }),
        );
        expect([second.status, second.headers.get('dpop-nonce')]).toEqual([200, nonce]);
        const guessed = await client.headers('GET', url, token, { claims: { nonce: 'guess' } });
        expect(await refusalOf(await app.get('/orders', guessed))).toMatchObject({ error: 'use_dpop_nonce' });
        expect((await app.get('/orders', bearer(await issuer.mint()))).headers.get('dpop-nonce')).toBeNull();
      } finally {
        await app.close();
      }
    });
  });

  it('is logged by the boot where only the requests say which host they are for', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await (await start({ sender: { dpop: true }, publicUrl: 'https://orders.example/' })).close();
    expect(warn).not.toHaveBeenCalled();
    await (await start({ sender: { dpop: true } })).close();
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('set publicUrl'));
  });

  describe('behind a proxy', () => {
    const status = async (
      app: RunningApp,
      url: string,
      headers: Record<string, string> = {},
    ): Promise<number> => {
      const token = await bound();
      return (await app.get('/orders', { ...(await client.headers('GET', url, token)), ...headers })).status;
    };

    it('takes the origin from publicUrl, whatever the request says', async () => {
      const app = await start({ publicUrl: 'https://orders.example/', sender: { dpop: true } });
      try {
        expect(await status(app, 'https://orders.example/orders')).toBe(200);
        expect(await status(app, `${app.url}/orders`)).toBe(401);
        const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
        expect(await status(app, 'https://evil.example/orders', forwarded)).toBe(401);
      } finally {
        await app.close();
      }
    });

    it('puts back what the proxy takes off the path', async () => {
      const app = await start({
        publicUrl: 'https://api.example/',
        sender: { dpop: { pathPrefix: '/shop' } },
      });
      try {
        expect(await status(app, 'https://api.example/shop/orders')).toBe(200);
        expect(await status(app, 'https://api.example/orders')).toBe(401);
      } finally {
        await app.close();
      }
    });

    it('believes no forwarded host without being told to', async () => {
      const app = await start({ sender: { dpop: true } });
      try {
        const forwarded = { 'x-forwarded-host': 'evil.example' };
        expect(await status(app, `${app.url}/orders`, forwarded)).toBe(200);
        expect(await status(app, 'http://evil.example/orders', forwarded)).toBe(401);
      } finally {
        await app.close();
      }
    });
  });

  describe('where it is not accepted', () => {
    it('is no scheme at all, and its tokens are nobody’s bearer tokens', async () => {
      const app = await start({});
      try {
        const token = await bound();
        expect((await app.get('/orders', bearer(await issuer.mint()))).status).toBe(200);
        const headers = await client.headers('GET', `${app.url}/orders`, token);
        expect(await refusalOf(await app.get('/orders', headers))).toEqual({
          status: 401,
          code: 'token_missing',
          error: undefined,
          challenge: 'Bearer realm="orders"',
        });
        expect(await refusalOf(await app.get('/orders', bearer(token)))).toMatchObject({
          status: 401,
          code: 'sender_mismatch',
        });
      } finally {
        await app.close();
      }
    });
  });
});

it('the request of Express behind a trusted proxy says what the client asked for', async () => {
  const options = { issuer: issuer.url, audience: AUDIENCE, sender: { dpop: true } };
  const app = await startApp('express', options, [OrdersController]);
  try {
    (app.app.getHttpAdapter() as ExpressAdapter).set('trust proxy', 'loopback');
    const token = await bound();
    const headers = await client.headers('GET', 'https://orders.example/orders', token);
    const forwarded = { 'x-forwarded-host': 'orders.example', 'x-forwarded-proto': 'https' };
    expect((await app.get('/orders', { ...headers, ...forwarded })).status).toBe(200);
  } finally {
    await app.close();
  }
});
