import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackIssuer } from './loopback-issuer.js';
import { generateSigningKey, type SigningAlgorithm } from '../keys/signing-key.js';
import { type Fault } from './fault.js';

const audience = 'https://orders.example';
const scopes = ['read:orders', 'write:orders'];

interface TokenAnswer {
  access_token: string;
  token_type: string;
  expires_in: unknown;
  scope?: string;
  error?: string;
  error_description?: string;
}

describe('LoopbackIssuer', () => {
  let issuer: LoopbackIssuer;

  beforeEach(async () => {
    issuer = await LoopbackIssuer.start({
      apis: [{ audience, scopes, tokenLifetime: 600 }],
      clients: [
        { clientId: 'storefront', grants: { [audience]: ['read:orders'] } },
        { clientId: 'stranger', grants: {} },
      ],
      algorithms: ['RS256', 'ES256'],
    });
  });
  afterEach(() => issuer.close());

  const verify = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(issuer.jwksUri), { cooldownDuration: 0 }), {
      issuer: issuer.issuer,
      audience,
    });

  const askToken = async (
    body: Record<string, string> = {},
    init: RequestInit = {},
  ): Promise<{ status: number; headers: Headers; body: TokenAnswer }> => {
    const response = await fetch(issuer.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'storefront',
        client_secret: issuer.clientSecret('storefront'),
        audience,
        ...body,
      }),
      signal: AbortSignal.timeout(2_000),
      redirect: 'manual',
      ...init,
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as TokenAnswer,
    };
  };

  it('mints tokens that jose verifies through its key set', async () => {
    const { payload } = await verify(await issuer.mint());

    expect(payload).toMatchObject({ iss: issuer.issuer, aud: audience, azp: 'storefront' });
    expect(payload['scope']).toBe('read:orders write:orders');
  });

  it.each([
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
  ] as const)('signs %s as jose verifies it, and jose refuses another key', async (alg: SigningAlgorithm) => {
    await using other = await LoopbackIssuer.start({ algorithms: [alg] });
    const token = await other.mint({ alg });

    await expect(jwtVerify(token, other.signingKey(alg).publicKey)).resolves.toBeDefined();
    await expect(jwtVerify(token, generateSigningKey(alg).publicKey)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  it.each(['auth0', 'rfc9068', 'keycloak', 'okta', 'entra', 'cognito', 'hydra'] as const)(
    'speaks the %s dialect',
    async (dialect) => {
      const token = await issuer.mint({ dialect, clientId: 'storefront', scopes: ['read:orders'] });
      const claims = JSON.stringify(decodeJwt(token));

      expect(claims).toContain('storefront');
      expect(claims).toContain('read:orders');
      expect(decodeProtectedHeader(token).typ).toBe(
        { rfc9068: 'at+jwt', okta: undefined, cognito: undefined }[dialect as string] ??
          (['okta', 'cognito'].includes(dialect) ? undefined : 'JWT'),
      );
    },
  );

  it('leaves out a claim that is set to undefined', async () => {
    const token = await issuer.mint({ claims: { exp: undefined }, header: { typ: undefined } });

    expect(decodeJwt(token)).not.toHaveProperty('exp');
    expect(decodeProtectedHeader(token)).not.toHaveProperty('typ');
  });

  it.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
    'publishes its metadata at %s',
    async (path) => {
      const response = await fetch(new URL(path, issuer.issuer));

      expect(await response.json()).toMatchObject({
        issuer: issuer.issuer,
        jwks_uri: issuer.jwksUri,
        token_endpoint: issuer.tokenUrl,
      });
      expect(issuer.requests.discovery).toBe(1);
    },
  );

  describe('the token endpoint', () => {
    it('gives a client what it is granted, and no more', async () => {
      const { status, body } = await askToken({ scope: 'read:orders write:orders' });

      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'read:orders' });
      await expect(verify(body.access_token)).resolves.toBeDefined();
      issuer.expectMints(1);
      expect(() => issuer.expectMints(2)).toThrow(/storefront → https:\/\/orders\.example \[read:orders\]/);
    });

    it('takes JSON and HTTP Basic as well', async () => {
      const secret = issuer.clientSecret('storefront');
      const asJson = await askToken(
        {},
        {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            grant_type: 'client_credentials',
            client_id: 'storefront',
            client_secret: secret,
            audience,
          }),
        },
      );
      const asBasic = await askToken(
        {},
        {
          headers: { authorization: `Basic ${Buffer.from(`storefront:${secret}`).toString('base64')}` },
          body: new URLSearchParams({ grant_type: 'client_credentials', audience }),
        },
      );

      expect([asJson.status, asBasic.status]).toEqual([200, 200]);
    });

    it('authenticates a client by private_key_jwt, once per assertion', async () => {
      const key = generateSigningKey('ES256');
      await using other = await LoopbackIssuer.start({
        clients: [{ clientId: 'batch', publicKey: key.publicJwk }],
      });
      const assertion = await new SignJWT({ jti: 'one' })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer('batch')
        .setSubject('batch')
        .setAudience(other.issuer)
        .setExpirationTime('1m')
        .sign(key.privateKey);
      const ask = async (): Promise<number> => {
        const response = await fetch(other.tokenUrl, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: assertion,
          }),
        });
        await response.body?.cancel();
        return response.status;
      };

      expect(await ask()).toBe(200);
      expect(await ask()).toBe(401);
    });

    it.each([
      ['a wrong secret', { client_secret: 'wrong' }, 401, 'access_denied', /^Unauthorized$/],
      [
        'an unknown audience',
        { audience: 'https://nobody.example' },
        403,
        'access_denied',
        /Service not enabled/,
      ],
      ['another grant type', { grant_type: 'password' }, 403, 'unauthorized_client', /not allowed/],
      ['scopes it has none of', { scope: 'write:orders' }, 403, 'access_denied', /write:orders/],
    ])('refuses %s as Auth0 does', async (_name, change, status, error, description) => {
      const refused = await askToken(change);

      expect(refused.status).toBe(status);
      expect(refused.body.error).toBe(error);
      expect(refused.body.error_description).toMatch(description);
      issuer.expectMints(0);
      expect((await askToken()).status).toBe(200);
    });

    it('names the missing client grant', async () => {
      const { status, body } = await askToken({
        client_id: 'stranger',
        client_secret: issuer.clientSecret('stranger'),
      });

      expect(status).toBe(403);
      expect(body.error_description).toContain('You need to create a "client-grant"');
    });

    it('refuses a revoked client until it is restored', async () => {
      issuer.revokeClient('storefront');
      expect((await askToken()).status).toBe(401);

      issuer.restoreClient('storefront');
      expect((await askToken()).status).toBe(200);
    });

    it('keeps the old secret through a rotation when asked to', async () => {
      const old = issuer.clientSecret('storefront');
      issuer.rotateSecret('storefront', { keepOld: true });
      expect((await askToken({ client_secret: old })).status).toBe(200);

      issuer.rotateSecret('storefront');
      expect((await askToken({ client_secret: old })).status).toBe(401);
      expect((await askToken()).status).toBe(200);
    });
  });

  describe('keys', () => {
    const kids = async (): Promise<string[]> => {
      const set = (await (await fetch(issuer.jwksUri)).json()) as { keys: { kid: string; d?: string }[] };
      expect(set.keys.every((key) => key.d === undefined)).toBe(true);
      return set.keys.map((key) => key.kid);
    };

    it('publishes the next key ahead, rotates to it, and retires the old one', async () => {
      const first = issuer.signingKey().kid;
      const next = issuer.publishNext();
      expect(await kids()).toContain(next);
      expect(decodeProtectedHeader(await issuer.mint()).kid).toBe(first);

      issuer.rotateKeys();
      expect(decodeProtectedHeader(await issuer.mint()).kid).toBe(next);
      expect(await kids()).toContain(first);

      issuer.retireKey();
      expect(await kids()).not.toContain(first);
      await expect(verify(await issuer.mint())).resolves.toBeDefined();
    });

    it('replaces a current key that is retired', async () => {
      const token = await issuer.mint();
      await expect(verify(token)).resolves.toBeDefined();
      issuer.retireKey(issuer.signingKey().kid);

      await expect(verify(token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
      await expect(verify(await issuer.mint())).resolves.toBeDefined();
    });

    it('shares no key material between two issuers that live at once', async () => {
      await using other = await LoopbackIssuer.start();

      expect(other.signingKey().publicJwk.n).not.toBe(issuer.signingKey('RS256').publicJwk.n);
    });
  });

  describe('faults', () => {
    const fetchKeys = (): Promise<Response> =>
      fetch(issuer.jwksUri, { signal: AbortSignal.timeout(300), redirect: 'manual' });

    it.each<[string, Fault, (response: Response) => Promise<void>]>([
      ['status', { kind: 'status', status: 500 }, async (r) => expect(r.status).toBe(500)],
      [
        'rate-limited',
        { kind: 'rate-limited', retryAfter: 7 },
        async (r) => expect([r.status, r.headers.get('retry-after')]).toEqual([429, '7']),
      ],
      ['html', { kind: 'html' }, async (r) => expect(await r.text()).toContain('<html>')],
      ['not-json', { kind: 'not-json' }, async (r) => expect(r.json()).rejects.toThrow(SyntaxError)],
      [
        'huge',
        { kind: 'huge', bytes: 100_000 },
        async (r) => expect((await r.text()).length).toBeGreaterThan(99_000),
      ],
      ['redirect', { kind: 'redirect' }, async (r) => expect(r.headers.get('location')).toMatch(/detour$/)],
      ['json', { kind: 'json', body: { no: 1 } }, async (r) => expect(await r.json()).toEqual({ no: 1 })],
      ['slow', { kind: 'slow', delayMs: 20 }, async (r) => expect(await r.json()).toHaveProperty('keys')],
      ['truncated', { kind: 'truncated' }, async (r) => expect(r.text()).rejects.toThrow()],
      ['drip', { kind: 'drip' }, async (r) => expect(r.text()).rejects.toThrow(/timeout|aborted/i)],
    ])('%s, and recovers', async (_name, fault, check) => {
      issuer.fault('jwks', fault as never);
      await check(await fetchKeys());

      issuer.recover('jwks');
      expect(await (await fetchKeys()).json()).toHaveProperty('keys.0.kid');
    });

    it.each([{ kind: 'hang' }, { kind: 'disconnect' }] as const)('$kind gives no answer', async (fault) => {
      issuer.fault('jwks', fault);
      await expect(fetchKeys()).rejects.toThrow();

      issuer.recover();
      expect((await fetchKeys()).status).toBe(200);
    });

    it('the detour of a redirect answers correctly', async () => {
      issuer.fault('jwks', { kind: 'redirect' });
      const location = (await fetchKeys()).headers.get('location') ?? '';

      expect(await (await fetch(location)).json()).toHaveProperty('keys');
    });

    it('lasts for so many requests as told', async () => {
      issuer.fault('jwks', { kind: 'status', status: 500 }, { times: 2 });
      const statuses = [];
      for (let i = 0; i < 3; i++) statuses.push((await fetchKeys()).status);

      expect(statuses).toEqual([500, 500, 200]);
      expect(issuer.requests.jwks).toBe(3);
    });

    it('publishes an empty set, or other keys', async () => {
      issuer.fault('jwks', { kind: 'empty-set' });
      expect(await (await fetchKeys()).json()).toEqual({ keys: [] });

      const stranger = generateSigningKey('ES256');
      issuer.fault('jwks', { kind: 'keys', keys: [stranger.publicJwk] });
      expect(await (await fetchKeys()).json()).toMatchObject({ keys: [{ kid: stranger.kid }] });
    });

    it('hands out the same token with what is left of its lifetime', async () => {
      const first = await askToken();
      issuer.fault('token', { kind: 'same-token' });
      const again = await askToken();

      expect(again.body.access_token).toBe(first.body.access_token);
      expect(again.body.expires_in).toBeLessThanOrEqual(600);
    });

    it.each([undefined, '600', 0, -1, null, 1e12])('answers expires_in %j', async (value) => {
      issuer.fault('token', { kind: 'expires-in', value });

      expect((await askToken()).body.expires_in).toBe(value);
    });

    it('shifts the clock of its tokens', async () => {
      issuer.fault('token', { kind: 'skew', seconds: 300 });
      const { iat = 0 } = decodeJwt((await askToken()).body.access_token);

      expect(iat - Date.now() / 1000).toBeGreaterThan(290);
    });

    it('asks for a DPoP nonce until the proof carries it, and binds the token to the key', async () => {
      const key = generateSigningKey('ES256');
      const proof = (nonce?: string): Promise<string> =>
        new SignJWT({
          htm: 'POST',
          htu: issuer.tokenUrl,
          jti: String(Math.random()),
          ...(nonce && { nonce }),
        })
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.publicKey.export({ format: 'jwk' }) })
          .setIssuedAt()
          .sign(key.privateKey);
      issuer.fault('token', { kind: 'dpop-nonce', nonce: 'n-1' });

      const asked = await askToken({}, { headers: { dpop: await proof() } });
      expect([asked.status, asked.body.error, asked.headers.get('dpop-nonce')]).toEqual([
        400,
        'use_dpop_nonce',
        'n-1',
      ]);
      const given = await askToken({}, { headers: { dpop: await proof('n-1') } });
      expect(given.body.token_type).toBe('DPoP');
      expect(decodeJwt(given.body.access_token)).toHaveProperty('cnf.jkt');
    });

    it('counts no mint for an answer that carries no token', async () => {
      issuer.fault('token', { kind: 'status', status: 500, body: '{}' });
      await askToken();

      issuer.expectMints(0);
    });

    it('closes at once although a request hangs', async () => {
      issuer.fault('jwks', { kind: 'hang' });
      const hanging = fetch(issuer.jwksUri).catch((error: unknown) => error);
      await expect.poll(() => issuer.requests.jwks).toBe(1);
      const began = performance.now();
      await issuer.close();

      expect(performance.now() - began).toBeLessThan(1_000);
      expect(await hanging).toBeInstanceOf(Error);
    });
  });
});
