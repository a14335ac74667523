import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyServer } from '../../../test/support/core/key-server.js';
import { type Json, Signer } from '../../../test/support/core/signer.js';
import { refusals } from '../errors/refusals.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import { advice } from './advice.js';
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
    ['none of several scopes', { anyOf: [['write:orders', 'admin:orders']] }, 'scope_missing'],
    ['the client', { callers: [['c']] }, undefined],
    ['another client', { callers: [['inventory']] }, 'scope_missing'],
    ['another audience', { audiences: ['https://other.example'] }, 'audience_mismatch'],
  ] as const)('holds the token against a route that requires %s', async (_what, asked, code) => {
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
