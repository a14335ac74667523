import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faults, json, KeyServer } from '../../../test/support/core/key-server.js';
import { type Json, Signer } from '../../../test/support/core/signer.js';
import { refusals } from '../errors/refusals.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import { advice, callerAdvice } from './advice.js';
import { explainToken } from './explain-token.js';

const AUDIENCE = 'https://orders.countersign.example';

let server: KeyServer;
let signer: Signer;
let verifier: AccessTokenVerifier;

beforeAll(async () => {
  signer = Signer.create('RS256', 'k');
  server = await KeyServer.start([signer.publicJwk]);
  verifier = new AccessTokenVerifier({
    issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri }],
    audience: AUDIENCE,
  });
});

afterAll(async () => {
  verifier.close();
  await server.stop();
});

function token(changes: Json = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: server.issuer,
    sub: 's',
    aud: AUDIENCE,
    iat: now,
    exp: now + 60,
    azp: 'c',
    scope: 'read:orders',
  };
  return signer.token({ ...claims, ...changes });
}

describe('explainToken', () => {
  it('says that every check passed', async () => {
    await expect(explainToken(verifier, token(), { scopes: ['read:orders'] })).resolves.toMatchObject({
      accepted: true,
      code: undefined,
      seen: { typ: 'JWT', alg: 'RS256', kid: 'k', iss: server.issuer, aud: AUDIENCE, scope: 'read:orders' },
    });
  });

  it.each([
    ['a wrong audience', { aud: 'https://other.example' }, {}, 'audience_mismatch', 'aud'],
    ['a wrong issuer', { iss: 'https://other.example/' }, {}, 'issuer_mismatch', 'iss'],
    ['an expired token', { exp: 1 }, {}, 'token_expired', 'exp'],
    ['a missing scope', {}, { scopes: ['write:orders'] }, 'scope_missing', undefined],
    [
      'the audience of another route',
      {},
      { audience: ['https://other.example'] },
      'audience_mismatch',
      'aud',
    ],
  ] as const)('explains %s', async (_what, changes, options, code, claim) => {
    const explanation = await explainToken(verifier, token(changes), options);
    expect(explanation).toMatchObject({ accepted: false, code, claim, advice: advice[code] });
  });

  it.each([
    ['one of several scopes', { anyOf: [['write:orders', 'read:orders']] }, undefined],
    [
      'none of several scopes',
      { anyOf: [['write:orders', 'admin:orders']] },
      'scope_missing',
      advice.scope_missing,
    ],
    ['the client', { callers: [['c']] }, undefined],
    ['another client', { callers: [['inventory']] }, 'scope_missing', callerAdvice],
    [
      'the client of another issuer',
      { callers: [{ clients: ['c'], issuers: ['https://other.example/'] }] },
      'scope_missing',
      callerAdvice,
    ],
    [
      'another audience',
      { audiences: ['https://other.example'] },
      'audience_mismatch',
      advice.audience_mismatch,
    ],
  ] as const)('holds the token against a route that requires %s', async (_what, asked, code, ...todo) => {
    const requirement = {
      access: 'protected',
      allOf: [],
      anyOf: [],
      callers: [],
      audiences: undefined,
      ...asked,
    } as const;
    await expect(explainToken(verifier, token(), { requirement })).resolves.toMatchObject({
      accepted: code === undefined,
      code,
      advice: todo[0],
    });
  });

  describe('without keys', () => {
    const OPENID = '/.well-known/openid-configuration';
    const OAUTH = '/.well-known/oauth-authorization-server';
    const withoutKeys = async (jwksUri: string | undefined) => {
      const issuer = { issuer: away.issuer, jwksUri, keys: { timeoutMs: 200 } };
      const cold = new AccessTokenVerifier({ issuers: [issuer], audience: AUDIENCE });
      const explanation = await explainToken(cold, token({ iss: away.issuer }));
      cold.close();
      expect(explanation).toMatchObject({ code: 'keys_unavailable', advice: advice.keys_unavailable });
      return explanation.message;
    };
    let away: KeyServer;

    beforeAll(async () => void (away = await KeyServer.start([])));
    afterAll(() => away.stop());
    afterEach(() => {
      away.fault = undefined;
      away.documents.clear();
    });

    it.each([
      ['status 500', 'answered 500'],
      ['a redirect', 'answered 302'],
      ['HTML', 'answered no valid JSON object'],
      ['an empty set', 'answered a JWK set with no usable signing key'],
      ['a hung connection', 'did not answer within 200 ms'],
      ['a body that drips', 'did not answer within 200 ms'],
    ] as const)('names the address that answered %s', async (what, came) => {
      away.fault = faults[what];
      expect(await withoutKeys(away.jwksUri)).toBe(
        `The keys of the issuer cannot be fetched at the moment. ${away.jwksUri} ${came}.`,
      );
    });

    it('names the address where nothing listens', async () => {
      expect(await withoutKeys('http://127.0.0.1:1/jwks')).toContain(
        'http://127.0.0.1:1/jwks cannot be reached (',
      );
    });

    it('leaves out the query, which may hold a secret', async () => {
      const message = await withoutKeys(`${away.jwksUri}?key=secret`);
      expect(message).toContain(`${away.jwksUri} answered 404`);
      expect(message).not.toContain('secret');
    });

    it('names both addresses of discovery', async () => {
      away.documents.set(OAUTH, json({ issuer: 'https://other.example/' }));
      expect(await withoutKeys(undefined)).toContain(
        `${away.origin}${OPENID} answered 404; ${away.origin}${OAUTH} is the metadata of another issuer, "https://other.example/".`,
      );
    });
  });

  it('explains what is no token at all', async () => {
    await expect(explainToken(verifier, 'junk')).resolves.toMatchObject({
      code: 'token_malformed',
      seen: {},
    });
  });

  it('never holds the token', async () => {
    const jwt = token({ aud: 'other' });
    const text = JSON.stringify(await explainToken(verifier, jwt));
    for (const part of jwt.split('.')) expect(text).not.toContain(part);
  });

  it('has advice for every code', () => {
    expect(Object.keys(advice).sort()).toEqual(Object.keys(refusals).sort());
  });
});
