import { randomUUID } from 'node:crypto';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  exportJWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SecretVerifier } from '../src/secrets/secret-verifier.js';
import { timestamp } from '../src/store/identifiers.js';
import { salesAudience, stockAudience } from './support/contracts.js';
import { RunningIssuer } from './support/running-issuer.js';
import { testStores, type TestStore } from './support/stores.js';

const stores = await testStores();

describe.each(stores.map((make) => [make === stores[0] ? 'SQLite' : 'PostgreSQL', make] as const))(
  'the token endpoint on %s',
  (_, make) => {
    let issuer: RunningIssuer;
    let store: TestStore;

    beforeAll(async () => {
      store = await make();
      issuer = await RunningIssuer.start({ store });
    });
    afterAll(async () => {
      await issuer.dispose();
      await store.drop();
    });

    const shop = (parameters: Record<string, string | undefined>) => issuer.token('shop', parameters);

    it('issues what Auth0 issues: a JWT that verifies by the published keys', async () => {
      const { status, headers, body } = await shop({ audience: stockAudience });
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({
        access_token: expect.any(String) as string,
        token_type: 'Bearer',
        expires_in: 600,
        scope: 'read:stock write:stock',
      });
      const keys = createRemoteJWKSet(new URL(`${issuer.url}.well-known/jwks.json`));
      const { payload, protectedHeader } = await jwtVerify(body.access_token, keys, {
        issuer: issuer.url,
        audience: stockAudience,
      });
      expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) as string });
      expect(payload).toEqual({
        iss: issuer.url,
        sub: 'shop@clients',
        aud: stockAudience,
        iat: expect.any(Number) as number,
        exp: payload.iat! + 600,
        scope: 'read:stock write:stock',
        gty: 'client-credentials',
        azp: 'shop',
      });
    });

    it('has the default lifetime of a day, and audiences that are no URI', async () => {
      const { body } = await shop({ audience: salesAudience });
      expect(body.expires_in).toBe(86_400);
      expect(decodeJwt(body.access_token).aud).toBe(salesAudience);
    });

    it('gives only the scopes that were asked for', async () => {
      const { body } = await shop({ audience: stockAudience, scope: 'read:stock' });
      expect(body.scope).toBe('read:stock');
      expect(decodeJwt(body.access_token)['scope']).toBe('read:stock');
    });

    it('takes resource for audience, JSON for a form, and basic for post', async () => {
      const secret = issuer.secret('shop');
      const json = {
        grant_type: 'client_credentials',
        client_id: 'shop',
        client_secret: secret,
        audience: stockAudience,
      };
      const answers = await Promise.all([
        shop({ resource: stockAudience }),
        shop({ resource: stockAudience, audience: stockAudience }),
        issuer.post(JSON.stringify(json), { 'content-type': 'application/json' }),
        issuer.post(new URLSearchParams({ grant_type: 'client_credentials', audience: stockAudience }), {
          authorization: `Basic ${btoa(`shop:${secret}`)}`,
        }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });

    it.each<[string, Record<string, string | undefined>, number, string, string]>([
      [
        'a wrong secret',
        { client_secret: 'x'.repeat(43), audience: stockAudience },
        401,
        'access_denied',
        'Unauthorized',
      ],
      [
        'an unknown client',
        { client_id: 'nobody', client_secret: 'x', audience: stockAudience },
        401,
        'access_denied',
        'Unauthorized',
      ],
      [
        'an unknown audience',
        { audience: 'nowhere' },
        403,
        'access_denied',
        'Service not enabled within domain: nowhere',
      ],
      [
        'no audience',
        {},
        403,
        'access_denied',
        'No audience parameter was provided, and no default audience has been configured',
      ],
      [
        'a scope beyond the API',
        { audience: stockAudience, scope: 'read:stock admin' },
        403,
        'access_denied',
        'Client has not been granted scopes: admin',
      ],
      [
        'another grant type',
        { grant_type: 'password', audience: stockAudience },
        400,
        'unsupported_grant_type',
        'unsupported grant_type requested',
      ],
      [
        'two audiences that differ',
        { audience: stockAudience, resource: salesAudience },
        400,
        'invalid_request',
        'audience and resource must name the same API',
      ],
      [
        'scopes with two spaces',
        { audience: stockAudience, scope: 'read:stock  write:stock' },
        400,
        'invalid_request',
        'scope must be a list of scope tokens, separated by single spaces',
      ],
      [
        'a huge client id',
        { client_id: 'x'.repeat(201), audience: stockAudience },
        400,
        'invalid_request',
        'client_id must have at most 200 characters',
      ],
    ])('refuses %s', async (_name, parameters, status, error, description) => {
      const answer = await shop(parameters);
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ error, error_description: description });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it.each(['shop', 'nobody'])(
      'challenges %s for whom an Authorization header proves nothing',
      async (id) => {
        const form = new URLSearchParams({ grant_type: 'client_credentials', audience: stockAudience });
        const { status, headers, body } = await issuer.post(form, {
          authorization: `Basic ${btoa(`${id}:x`)}`,
        });
        expect(status).toBe(401);
        expect(headers.get('www-authenticate')).toBe(`Basic realm="${issuer.url}", error="invalid_client"`);
        expect(body).toEqual({ error: 'access_denied', error_description: 'Unauthorized' });
        const [event] = await issuer.parts.events.list({ take: 1 });
        const reason = id === 'shop' ? 'client_unauthenticated' : 'client_unknown';
        expect(event).toMatchObject({ type: 'token_refused', client_id: id, reason });
      },
    );

    it('refuses a client without a grant on the API, in the words of Auth0', async () => {
      const { status, body } = await issuer.token('sales', { audience: salesAudience });
      expect(status).toBe(403);
      expect(body).toEqual({
        error: 'access_denied',
        error_description: `Client is not authorized to access "${salesAudience}". You need to create a "client-grant" associated to this API.`,
      });
    });

    it('refuses scopes that only another client has', async () => {
      expect((await issuer.token('sales', { audience: stockAudience })).body.scope).toBe('read:stock');
      const { status, body } = await issuer.token('sales', { audience: stockAudience, scope: 'write:stock' });
      expect(status).toBe(403);
      expect(body.error_description).toBe('Client has not been granted scopes: write:stock');
    });

    it.each<[string, () => Promise<{ status: number; body: { error?: string } }>, number]>([
      [
        'a parameter given twice',
        () => issuer.post(`grant_type=client_credentials&audience=a&audience=${stockAudience}`, form),
        400,
      ],
      ['a JSON value that is no string', () => issuer.post('{"audience":["a"]}', json), 400],
      [
        'a member of a JSON object given twice',
        () => issuer.post('{"client_id":"shop","client_id":"sales","audience":"a"}', json),
        400,
      ],
      ['text that is not well-formed', () => issuer.post('{"audience":"\\ud800"}', json), 400],
      ['a control character', () => issuer.post(`client_id=shop%00&audience=${stockAudience}`, form), 400],
      [
        'a page of another origin, with a secret or without',
        async () => {
          const credentials = { client_id: 'shop', client_secret: issuer.secret('shop') };
          const body = new URLSearchParams({ grant_type: 'client_credentials', ...credentials });
          return issuer.post(body, { origin: 'https://evil.example' });
        },
        400,
      ],
      ['a JSON array', () => issuer.post('[]', json), 400],
      ['malformed JSON', () => issuer.post('{', json), 400],
      ['a poisoned prototype', () => issuer.post('{"__proto__":{"audience":"a"}}', json), 400],
      ['another content type', () => issuer.post('a', { 'content-type': 'text/plain' }), 415],
      ['a huge body', () => issuer.post('a'.repeat(40_000), form), 413],
      ['an empty body', () => issuer.post('', form), 400],
      [
        'two ways to authenticate',
        () =>
          issuer.post(
            new URLSearchParams({ grant_type: 'client_credentials', client_id: 'shop', client_secret: 'x' }),
            { authorization: 'Basic c2hvcDp4' },
          ),
        400,
      ],
    ])('refuses %s', async (_name, send, status) => {
      const answer = await send();
      expect(answer.status).toBe(status);
      expect(answer.body.error).toBe('invalid_request');
    });

    it('answers no other method, and no other origin', async () => {
      expect((await fetch(`${issuer.url}oauth/token`)).status).toBe(405);
      const { headers } = await issuer.post('', { ...form, origin: 'https://evil.example' });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    });

    it('publishes only what is there', async () => {
      for (const name of ['openid-configuration', 'oauth-authorization-server']) {
        const document = (await (await fetch(`${issuer.url}.well-known/${name}`)).json()) as Record<
          string,
          unknown
        >;
        expect(document).toMatchObject({
          issuer: issuer.url,
          token_endpoint: `${issuer.url}oauth/token`,
          jwks_uri: `${issuer.url}.well-known/jwks.json`,
          grant_types_supported: ['client_credentials'],
        });
        expect(Object.keys(document)).not.toContain('authorization_endpoint');
      }
    });

    it('publishes the current and the next key, and no private part', async () => {
      const response = await fetch(`${issuer.url}.well-known/jwks.json`);
      const { keys } = (await response.json()) as { keys: Record<string, string>[] };
      expect(keys).toHaveLength(2);
      for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      expect(response.headers.get('cache-control')).toContain('max-age=15');
    });

    it('keeps keys and secrets across a restart', async () => {
      const before = (await shop({ audience: stockAudience })).body.access_token;
      const secret = issuer.secret('shop');
      await issuer.stop();
      await issuer.boot();
      expect(issuer.secret('shop')).toBe(secret);
      const keys = createRemoteJWKSet(new URL(`${issuer.url}.well-known/jwks.json`));
      await expect(jwtVerify(before, keys)).resolves.toBeDefined();
      const after = (await shop({ audience: stockAudience })).body.access_token;
      expect(decodeProtectedHeader(after).kid).toBe(decodeProtectedHeader(before).kid);
    });

    it('rotates keys under load without a lost request; old tokens verify until their key is revoked', async () => {
      const { keys } = issuer.parts;
      const old = (await shop({ audience: stockAudience })).body.access_token;
      let done = false;
      const statuses: number[] = [];
      const clients = Array.from({ length: 4 }, async () => {
        while (!done) statuses.push((await shop({ audience: stockAudience })).status);
      });
      for (let rotation = 0; rotation < 3; rotation++) {
        await keys.rotate('RS256');
        if (rotation > 0) continue;
        const published = createRemoteJWKSet(new URL(`${issuer.url}.well-known/jwks.json`));
        await expect(jwtVerify(old, published)).resolves.toBeDefined();
      }
      done = true;
      await Promise.all(clients);
      expect(statuses.length).toBeGreaterThan(0);
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
      const published = createRemoteJWKSet(new URL(`${issuer.url}.well-known/jwks.json`));
      await expect(jwtVerify(old, published)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    });

    it('takes two secrets during a rotation, and the oldest no longer after the next', async () => {
      const { clientSecrets } = issuer.parts;
      const first = issuer.secret('shop');
      const second = await clientSecrets.rotate('shop');
      expect(issuer.secret('shop')).toBe(second);
      const statusOf = async (client_secret: string) =>
        (await shop({ client_secret, audience: stockAudience })).status;
      expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await clientSecrets.rotate('shop');
      expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
    });

    it('records who asked for what and what came of it, never the token', async () => {
      const { body } = await shop({ audience: stockAudience });
      await shop({ audience: 'nowhere' });
      const [refused, issued] = await issuer.parts.events.list({ take: 2 });
      expect(issued).toMatchObject({
        type: 'token_issued',
        client_id: 'shop',
        audience: stockAudience,
        reason: null,
      });
      expect(refused).toMatchObject({
        type: 'token_refused',
        audience: 'nowhere',
        reason: 'audience_unknown',
      });
      expect(JSON.stringify([refused, issued])).not.toContain(body.access_token.slice(-20));
    });

    it('records every request, whatever the others beside it say', async () => {
      await shop({ audience: stockAudience });
      const strange = `Basic ${btoa('sh\0op:x')}`;
      await issuer.post('grant_type=client_credentials', { ...form, authorization: strange });
      await shop({ audience: 'no\0where' });
      const events = await issuer.parts.events.list({ take: 3 });
      expect(events.map(({ reason }) => reason)).toEqual(['request_malformed', 'invalid_request', null]);
    });

    it('records a request that fails by a fault of the server', async () => {
      const signWith = (alg: string) =>
        issuer.parts.store.change((transaction) =>
          transaction
            .updateTable('apis')
            .set({ signing_alg: alg })
            .where('identifier', '=', stockAudience)
            .execute(),
        );
      await signWith('ES256');
      const { status, body } = await shop({ audience: stockAudience });
      await signWith('RS256');
      expect([status, body.error]).toEqual([500, 'server_error']);
      const [event] = await issuer.parts.events.list({ take: 1 });
      expect(event).toMatchObject({ type: 'token_refused', client_id: 'shop', reason: 'server_error' });
      expect((await shop({ audience: stockAudience })).status).toBe(200);
    });

    describe('a client that signs its assertions', () => {
      let sign: (claims?: object, lifetime?: number, alg?: string) => Promise<string>;

      beforeAll(async () => {
        const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
        await issuer.parts.store.change(async (transaction) => {
          await transaction
            .insertInto('client_credentials')
            .values({
              id: 'cred_1',
              type: 'public_key',
              client_id: 'sales',
              name: 'key',
              kid: 'k1',
              alg: 'RS256',
              jwk: JSON.stringify(await exportJWK(publicKey)),
              created_at: timestamp(),
              expires_at: null,
            })
            .execute();
          await transaction
            .updateTable('clients')
            .set({ auth_method: 'private_key_jwt' })
            .where('client_id', '=', 'sales')
            .execute();
        });
        sign = async (claims = {}, lifetime = 60) => {
          const now = Math.floor(Date.now() / 1000);
          return new SignJWT({
            iss: 'sales',
            sub: 'sales',
            aud: issuer.url,
            jti: randomUUID(),
            iat: now,
            exp: now + lifetime,
            ...claims,
          })
            .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
            .sign(privateKey);
        };
      });

      const assert = (client_assertion: string) =>
        issuer.token('sales', {
          client_secret: undefined,
          client_assertion,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          audience: stockAudience,
        });

      it('gets a token, once for each assertion', async () => {
        const assertion = await sign();
        expect((await assert(assertion)).status).toBe(200);
        expect((await assert(assertion)).status).toBe(401);
      });

      it('gets one token where the same assertion is sent many times at once', async () => {
        const assertion = await sign();
        const answers = await Promise.all(Array.from({ length: 8 }, () => assert(assertion)));
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      });

      it.each([
        ['for another audience', { aud: 'https://other.example/' }, 60],
        ['of another client', { iss: 'shop', sub: 'shop' }, 60],
        ['that lives longer than 5 minutes', {}, 3_600],
        ['that has expired', {}, -60],
      ])('gets none for an assertion %s', async (_name, claims, lifetime) => {
        expect((await assert(await sign(claims, lifetime))).status).toBeGreaterThanOrEqual(400);
        expect((await assert(await sign())).status).toBe(200);
      });

      it('gets none for its former secret', async () => {
        const { status, body } = await issuer.token('sales', { audience: stockAudience });
        expect(status).toBe(401);
        expect(body.error).toBe('access_denied');
      });

      it.each([
        ['is wrong', 'shop', { client_secret: 'x' }, 0],
        ['is of a client that has none', 'sales', { client_secret: 'x' }, 1],
        ['is of nobody', 'nobody', { client_secret: 'x' }, 1],
        ['is missing', 'shop', { client_secret: undefined }, 1],
        ['is missing, of nobody', 'nobody', { client_secret: undefined }, 1],
      ])('cannot be told from others by the time: a secret %s', async (_name, client_id, secret, decoys) => {
        const pretend = vi.spyOn(SecretVerifier.prototype, 'pretend');
        const { status } = await issuer.token('shop', { audience: stockAudience, client_id, ...secret });
        expect([status, pretend.mock.calls.length]).toEqual([401, decoys]);
        pretend.mockRestore();
      });
    });
  },
);

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };
