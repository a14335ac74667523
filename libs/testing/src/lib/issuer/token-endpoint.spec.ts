import { createRemoteJWKSet, decodeJwt, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askToken } from '../../../test/support/ask-token.js';
import { LoopbackIssuer } from './loopback-issuer.js';
import { generateSigningKey } from '../keys/signing-key.js';
import { dpopThumbprint, signDpopProof, type DpopProofOptions } from '../tokens/dpop-proof.js';

const audience = 'https://orders.example';

describe('the token endpoint', () => {
  let issuer: LoopbackIssuer;

  beforeEach(async () => {
    issuer = await LoopbackIssuer.start({
      apis: [{ audience, scopes: ['read:orders', 'write:orders'], tokenLifetime: 600 }],
      clients: [
        { clientId: 'storefront', grants: { [audience]: ['read:orders'] } },
        { clientId: 'stranger', grants: {} },
        { clientId: 'bound', requiresDpop: true },
      ],
    });
  });
  afterEach(() => issuer.close());

  const ask = (parameters: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    askToken(issuer, 'storefront', parameters, headers);

  it('gives a client what it is granted, and no more', async () => {
    const { status, body } = await ask({ scope: 'read:orders write:orders' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'read:orders' });
    const keys = createRemoteJWKSet(new URL(issuer.jwksUri));
    const { payload } = await jwtVerify(body.access_token, keys, { issuer: issuer.issuer, audience });
    expect(payload).toMatchObject({ azp: 'storefront', scope: 'read:orders' });
    expect(payload).not.toHaveProperty('cnf');
  });

  it('counts what it handed out, by client and audience', async () => {
    await ask();
    await askToken(issuer, 'stranger');

    issuer.expectMints(1);
    issuer.expectMints(1, { clientId: 'storefront', audience });
    issuer.expectMints(0, { clientId: 'stranger' });
    expect(() => issuer.expectMints(2)).toThrow(/storefront → https:\/\/orders\.example \[read:orders\]/);
    expect(() => issuer.expectMints(1, { clientId: 'stranger' })).toThrow(/1 minted tokens for stranger/);
    issuer.resetCounters();
    issuer.expectMints(0);
  });

  it('keeps what it was asked, without the credentials', async () => {
    await ask({ scope: 'read:orders' });

    expect(issuer.tokenRequests).toMatchObject([
      {
        authentication: 'client_secret_post',
        dpop: false,
        parameters: { client_id: 'storefront', scope: 'read:orders' },
      },
    ]);
    expect(JSON.stringify(issuer.tokenRequests)).not.toContain(issuer.clientSecret('storefront'));
  });

  it('takes JSON and HTTP Basic as well', async () => {
    const secret = issuer.clientSecret('storefront');
    const post = (body: string | URLSearchParams, headers: Record<string, string>) =>
      fetch(issuer.tokenUrl, { method: 'POST', body, headers });
    const asJson = await post(
      JSON.stringify({
        grant_type: 'client_credentials',
        client_id: 'storefront',
        client_secret: secret,
        audience,
      }),
      { 'content-type': 'application/json' },
    );
    const basic = (credentials: string) =>
      post(new URLSearchParams({ grant_type: 'client_credentials', audience }), {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      });

    expect(asJson.status).toBe(200);
    expect((await basic(`storefront:${secret}`)).status).toBe(200);
    expect((await basic('storefront:%')).status).toBe(401);
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
    const send = async (): Promise<number> => {
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

    expect(await send()).toBe(200);
    expect(await send()).toBe(401);
    expect(other.tokenRequests).toMatchObject([
      { authentication: 'private_key_jwt', parameters: { grant_type: 'client_credentials' } },
      {},
    ]);
    expect(JSON.stringify(other.tokenRequests)).not.toContain(assertion);
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
    const refused = await ask(change);

    expect(refused.status).toBe(status);
    expect(refused.body.error).toBe(error);
    expect(refused.body.error_description).toMatch(description);
    issuer.expectMints(0);
    expect((await ask()).status).toBe(200);
  });

  it('names the missing client grant', async () => {
    const { status, body } = await askToken(issuer, 'stranger');

    expect(status).toBe(403);
    expect(body.error_description).toContain('You need to create a "client-grant"');
  });

  it('refuses a revoked client until it is restored', async () => {
    issuer.revokeClient('storefront');
    expect((await ask()).status).toBe(401);

    issuer.restoreClient('storefront');
    expect((await ask()).status).toBe(200);
  });

  it('keeps the old secret through a rotation when asked to', async () => {
    const old = issuer.clientSecret('storefront');
    issuer.rotateSecret('storefront', { keepOld: true });
    expect((await ask({ client_secret: old })).status).toBe(200);

    issuer.rotateSecret('storefront');
    expect((await ask({ client_secret: old })).status).toBe(401);
    expect((await ask()).status).toBe(200);
  });

  describe('with a DPoP proof', () => {
    const key = generateSigningKey('ES256');
    const prove = (options: Partial<DpopProofOptions> = {}) =>
      signDpopProof(key, { method: 'POST', url: issuer.tokenUrl, ...options });

    it('binds the token to the key of the proof', async () => {
      const { status, body } = await ask({}, { dpop: prove() });

      expect([status, body.token_type]).toEqual([200, 'DPoP']);
      const jkt = await dpopThumbprint(key);
      expect(decodeJwt(body.access_token)['cnf']).toEqual({ jkt });
      expect(issuer.minted).toMatchObject([{ clientId: 'storefront', jkt }]);
      expect(issuer.tokenRequests).toMatchObject([{ dpop: true }]);
    });

    it.each<[string, () => string]>([
      ['is no JWT', () => 'proof'],
      ['is of another type', () => prove({ header: { typ: 'JWT' } })],
      ['is for another method', () => prove({ method: 'GET' })],
      ['is for another address', () => prove({ url: issuer.issuer })],
      ['is too old', () => prove({ issuedIn: -400 })],
      ['is of the future', () => prove({ issuedIn: 400 })],
      ['has no jti', () => prove({ claims: { jti: undefined } })],
      ['carries no key', () => prove({ header: { jwk: undefined } })],
      ['carries another key', () => prove({ header: { jwk: generateSigningKey('ES256').publicJwk } })],
      ['carries the private key', () => prove({ header: { jwk: key.privateKey.export({ format: 'jwk' }) } })],
    ])('refuses one that %s', async (_what, proof) => {
      const refused = await ask({}, { dpop: proof() });

      expect([refused.status, refused.body.error]).toEqual([400, 'invalid_dpop_proof']);
      issuer.expectMints(0);
      expect((await ask({}, { dpop: prove() })).status).toBe(200);
    });

    it('refuses one that was used', async () => {
      const proof = prove();

      expect((await ask({}, { dpop: proof })).status).toBe(200);
      expect((await ask({}, { dpop: proof })).body.error).toBe('invalid_dpop_proof');
    });

    it('is required of a client that is registered so', async () => {
      const without = await askToken(issuer, 'bound');

      expect([without.status, without.body.error]).toEqual([400, 'invalid_dpop_proof']);
      expect((await askToken(issuer, 'bound', {}, { dpop: prove() })).status).toBe(200);
    });
  });
});
