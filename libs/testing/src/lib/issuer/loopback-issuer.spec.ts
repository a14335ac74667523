import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackIssuer } from './loopback-issuer.js';
import { generateSigningKey, type SigningAlgorithm } from '../keys/signing-key.js';

const audience = 'https://orders.example';
const scopes = ['read:orders', 'write:orders'];

describe('LoopbackIssuer', () => {
  let issuer: LoopbackIssuer;

  beforeEach(async () => {
    issuer = await LoopbackIssuer.start({
      apis: [{ audience, scopes, tokenLifetime: 600 }],
      clients: [{ clientId: 'storefront', grants: { [audience]: ['read:orders'] } }],
      algorithms: ['RS256', 'ES256'],
    });
  });
  afterEach(() => issuer.close());

  const verify = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(issuer.jwksUri), { cooldownDuration: 0 }), {
      issuer: issuer.issuer,
      audience,
    });

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

  it('closes at once although a request hangs', async () => {
    issuer.fault('jwks', { kind: 'hang' });
    const hanging = fetch(issuer.jwksUri).catch((error: unknown) => error);
    await expect.poll(() => issuer.requests.jwks).toBe(1);

    await issuer.close();

    expect(await hanging).toBeInstanceOf(Error);
  });

  it('counts its requests by endpoint, and says what it counted', async () => {
    await fetch(issuer.jwksUri);

    issuer.expectRequests('jwks', 1);
    expect(() => issuer.expectRequests('token', 1)).toThrow(/counted 0.*"jwks":1/);
    issuer.resetCounters();
    issuer.expectRequests('jwks', 0);
  });
});
