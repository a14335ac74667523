import { describe, expect, it } from 'vitest';
import { tokenContent } from './token-claims.js';

const facts = {
  issuer: 'https://issuer.example/',
  clientId: 'shop',
  audience: 'https://stock.example',
  scopes: ['read', 'write'],
  issuedAt: 1_000,
  expiresAt: 1_600,
  tokenId: 'id-1',
};
const common = {
  iss: 'https://issuer.example/',
  sub: 'shop@clients',
  aud: 'https://stock.example',
  iat: 1_000,
  exp: 1_600,
  scope: 'read write',
};
const own = { azp: 'shop', gty: 'client-credentials' };
const profile = { client_id: 'shop', jti: 'id-1' };
const permissions = { permissions: ['read', 'write'] };

describe('tokenContent', () => {
  it.each([
    ['access_token', 'JWT', { ...common, ...own }],
    ['access_token_authz', 'JWT', { ...common, ...own, ...permissions }],
    ['rfc9068_profile', 'at+jwt', { ...common, ...profile }],
    ['rfc9068_profile_authz', 'at+jwt', { ...common, ...profile, ...permissions }],
  ] as const)('writes %s', (dialect, typ, claims) => {
    expect(tokenContent(dialect, facts)).toEqual({ typ, claims });
  });

  it('has no scope claim where there is no scope', () => {
    expect(tokenContent('access_token', { ...facts, scopes: [] }).claims).not.toHaveProperty('scope');
  });
});
