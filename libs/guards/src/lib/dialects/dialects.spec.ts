import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyServer } from '../../../test/support/core/key-server.js';
import { type Json, Signer } from '../../../test/support/core/signer.js';
import type { AuthErrorCode } from '../errors/refusals.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { DialectName } from './dialect.js';

const AUDIENCE = 'https://orders.countersign.example';
const NOW = 1_900_000_000;

let server: KeyServer;
let signer: Signer;
const verifiers = new Map<string, AccessTokenVerifier>();

beforeAll(async () => {
  signer = Signer.create('RS256', 'k');
  server = await KeyServer.start([signer.publicJwk]);
});

afterAll(async () => {
  for (const verifier of verifiers.values()) verifier.close();
  await server.stop();
});

function verify(
  dialect: DialectName,
  claims: Json,
  header: Json = {},
  audience: string | string[] = AUDIENCE,
) {
  const name = `${dialect} ${String(audience)}`;
  const verifier =
    verifiers.get(name) ??
    new AccessTokenVerifier({
      issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri, dialect }],
      audience,
      clock: () => NOW * 1_000,
    });
  verifiers.set(name, verifier);
  const base = { iss: server.issuer, sub: 'subject', iat: NOW, exp: NOW + 60 };
  return verifier.verify(signer.token({ ...base, ...claims }, header));
}

/** What each server really sends to a machine. */
const real: Record<string, { dialect: DialectName; header: Json; claims: Json; scopes: string[] }> = {
  'auth0 access_token': {
    dialect: 'auth0',
    header: { typ: 'JWT' },
    claims: { aud: AUDIENCE, azp: 'client', gty: 'client-credentials', scope: 'read:orders' },
    scopes: ['read:orders'],
  },
  'auth0 access_token_authz': {
    dialect: 'auth0',
    header: { typ: 'JWT' },
    claims: {
      aud: AUDIENCE,
      azp: 'client',
      gty: 'client-credentials',
      scope: 'read:orders',
      permissions: ['read:orders', 'write:orders'],
    },
    scopes: ['read:orders', 'write:orders'],
  },
  'auth0 rfc9068_profile': {
    dialect: 'auth0',
    header: { typ: 'at+jwt' },
    claims: { aud: AUDIENCE, client_id: 'client', jti: 'j', scope: 'read:orders' },
    scopes: ['read:orders'],
  },
  'auth0 rfc9068_profile_authz': {
    dialect: 'auth0',
    header: { typ: 'at+jwt' },
    claims: { aud: AUDIENCE, client_id: 'client', jti: 'j', permissions: ['write:orders'], org_id: 'org_1' },
    scopes: ['write:orders'],
  },
  rfc9068: {
    dialect: 'rfc9068',
    header: { typ: 'application/at+jwt' },
    claims: { aud: [AUDIENCE], client_id: 'client', jti: 'j', scope: 'read:orders' },
    scopes: ['read:orders'],
  },
  keycloak: {
    dialect: 'keycloak',
    header: { typ: 'JWT' },
    claims: {
      aud: [AUDIENCE, 'account'],
      azp: 'client',
      client_id: 'client',
      typ: 'Bearer',
      jti: 'j',
      scope: 'read:orders',
      realm_access: { roles: ['admin'] },
    },
    scopes: ['read:orders'],
  },
  okta: {
    dialect: 'okta',
    header: { typ: undefined },
    claims: { aud: AUDIENCE, cid: 'client', ver: 1, jti: 'AT.1', scp: ['read:orders', 'write:orders'] },
    scopes: ['read:orders', 'write:orders'],
  },
  'entra 2.0, application permissions': {
    dialect: 'entra',
    header: { typ: 'JWT' },
    claims: { aud: AUDIENCE, azp: 'client', tid: 't', ver: '2.0', idtyp: 'app', roles: ['read:orders'] },
    scopes: ['read:orders'],
  },
  'entra 1.0, delegated permissions': {
    dialect: 'entra',
    header: { typ: 'JWT', x5t: 'thumbprint' },
    claims: { aud: AUDIENCE, appid: 'client', tid: 't', ver: '1.0', scp: 'read:orders write:orders' },
    scopes: ['read:orders', 'write:orders'],
  },
  cognito: {
    dialect: 'cognito',
    header: { typ: undefined },
    claims: {
      client_id: 'client',
      token_use: 'access',
      jti: 'j',
      version: 2,
      scope: `${AUDIENCE}/read:orders`,
    },
    scopes: [`${AUDIENCE}/read:orders`, 'read:orders'],
  },
  'cognito with a resource': {
    dialect: 'cognito',
    header: { typ: undefined },
    claims: { aud: AUDIENCE, client_id: 'client', token_use: 'access', jti: 'j', scope: 'read:orders' },
    scopes: ['read:orders'],
  },
  hydra: {
    dialect: 'hydra',
    header: { typ: 'JWT' },
    claims: { aud: [AUDIENCE], client_id: 'client', ext: {}, jti: 'j', nbf: NOW, scp: ['read:orders'] },
    scopes: ['read:orders'],
  },
};

describe.each(Object.entries(real))('%s', (_name, { dialect, header, claims, scopes }) => {
  it('is understood', async () => {
    const token = await verify(dialect, claims, header);
    expect(token).toMatchObject({
      clientId: 'client',
      subject: 'subject',
      audience: [AUDIENCE, ...[claims['aud']].flat().slice(1)],
    });
    expect([...token.scopes].sort()).toEqual([...scopes].sort());
  });

  it.each([
    ['another audience', { aud: 'https://other.example' }, {}, 'audience_mismatch'],
    ['no expiry', { exp: undefined }, {}, 'claim_missing'],
    ['an expiry in the past', { exp: NOW - 60 }, {}, 'token_expired'],
    ['another issuer', { iss: 'https://other.example/' }, {}, 'issuer_mismatch'],
    ['no subject', { sub: undefined }, {}, 'claim_missing'],
    [
      'no client',
      { azp: undefined, client_id: undefined, cid: undefined, appid: undefined },
      {},
      'claim_missing',
    ],
    ['the nonce of an ID token', { nonce: 'n' }, {}, 'typ_not_allowed'],
    ['the typ of a logout token', {}, { typ: 'logout+jwt' }, 'typ_not_allowed'],
    ['alg none', {}, { alg: 'none' }, 'alg_not_allowed'],
    ['an HMAC', {}, { alg: 'HS256' }, 'alg_not_allowed'],
    ['a critical extension', {}, { crit: ['x'] }, 'crit_unsupported'],
  ] as [string, Json, Json, AuthErrorCode][])('is refused with %s', async (_what, changes, other, code) => {
    await expect(verify(dialect, { ...claims, ...changes }, { ...header, ...other })).rejects.toMatchObject({
      code,
    });
  });
});

describe('what tells other tokens of a server apart', () => {
  it.each([
    ['auth0', 'no typ', {}, { typ: undefined }, 'typ_not_allowed'],
    ['rfc9068', 'the typ JWT', {}, { typ: 'JWT' }, 'typ_not_allowed'],
    ['rfc9068', 'no typ', {}, { typ: undefined }, 'typ_not_allowed'],
    ['rfc9068', 'no token id', { jti: undefined }, {}, 'claim_missing'],
    ['rfc9068', 'the client in azp', { client_id: undefined, azp: 'client' }, {}, 'claim_missing'],
    ['keycloak', 'the claim typ of an ID token', { typ: 'ID' }, {}, 'claim_invalid'],
    ['keycloak', 'the claim typ of a refresh token', { typ: 'Refresh' }, {}, 'claim_invalid'],
    ['keycloak', 'no claim typ', { typ: undefined }, {}, 'claim_missing'],
    ['keycloak', 'a claim typ that is a list', { typ: ['Bearer'] }, {}, 'claim_invalid'],
    ['okta', 'the client in azp', { cid: undefined, azp: 'client' }, {}, 'claim_missing'],
    ['okta', 'no token id', { jti: undefined }, {}, 'claim_missing'],
    ['entra 2.0, application permissions', 'no tenant', { tid: undefined }, {}, 'claim_missing'],
    ['entra 2.0, application permissions', 'an unknown version', { ver: '3.0' }, {}, 'claim_invalid'],
    ['cognito', 'the use of an ID token', { token_use: 'id' }, {}, 'claim_invalid'],
    ['cognito', 'no use', { token_use: undefined }, {}, 'claim_missing'],
    [
      'cognito',
      'scopes of another resource server',
      { scope: 'https://other.example/read:orders' },
      {},
      'audience_mismatch',
    ],
    ['cognito', 'scopes of no resource server', { scope: 'read:orders' }, {}, 'audience_mismatch'],
    ['cognito', 'no scope', { scope: undefined }, {}, 'audience_mismatch'],
    ['cognito', 'a scope that is a list', { scope: [`${AUDIENCE}/read:orders`] }, {}, 'audience_mismatch'],
    [
      'cognito',
      'a resource server whose name begins alike',
      { scope: `${AUDIENCE}.evil/read:orders` },
      {},
      'audience_mismatch',
    ],
    [
      'cognito',
      'a resource server below',
      { scope: `${AUDIENCE}/evil/read:orders` },
      {},
      'audience_mismatch',
    ],
    ['hydra', 'no audience', { aud: undefined }, {}, 'claim_missing'],
    ['hydra', 'an empty audience', { aud: [] }, {}, 'claim_invalid'],
  ] as [string, string, Json, Json, AuthErrorCode][])(
    '%s is refused with %s',
    async (name, _what, changes, header, code) => {
      const {
        dialect,
        claims,
        header: typical,
      } = real[name === 'auth0' ? 'auth0 access_token' : name] as (typeof real)[string];
      await expect(verify(dialect, claims, typical)).resolves.toBeDefined();
      await expect(
        verify(dialect, { ...claims, ...changes }, { ...typical, ...header }),
      ).rejects.toMatchObject({ code });
    },
  );

  it.each(Object.values(real).filter(({ dialect }) => dialect !== 'cognito'))(
    '$dialect needs an audience',
    async ({ dialect, claims, header }) => {
      await expect(verify(dialect, { ...claims, aud: undefined }, header)).rejects.toMatchObject({
        code: 'claim_missing',
        claim: 'aud',
      });
    },
  );
});

describe('short names of scopes at cognito', () => {
  const claims = (scope: string): Json => ({ client_id: 'client', token_use: 'access', jti: 'j', scope });

  it('are those of the own resource server alone', async () => {
    const token = await verify(
      'cognito',
      claims(`${AUDIENCE}/read:orders https://other.example/write:orders`),
      { typ: undefined },
    );
    expect([...token.scopes]).toContain('read:orders');
    expect([...token.scopes]).not.toContain('write:orders');
  });

  it('are not given where a verifier has two audiences', async () => {
    const token = await verify(
      'cognito',
      claims(`${AUDIENCE}/read:orders https://other.example/write:orders`),
      { typ: undefined },
      [AUDIENCE, 'https://other.example'],
    );
    expect([...token.scopes]).toEqual([`${AUDIENCE}/read:orders`, 'https://other.example/write:orders']);
  });
});
