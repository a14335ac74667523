import { describe, expect, it } from 'vitest';
import { Directory, type Api, type Client } from '../directory/directory.js';
import { TokenPolicy, type TokenRequest } from './token-policy.js';
import { TokenRefusal } from './token-refusal.js';

const api: Api = {
  id: '1',
  identifier: 'https://stock.example',
  name: 'stock',
  scopes: ['read', 'write'],
  tokenLifetime: 600,
  dialect: 'access_token',
  signingAlg: 'RS256',
  requiresProofOfPossession: false,
  system: false,
};
const client = (clientId: string, grantTypes = ['client_credentials']): Client => ({
  clientId,
  name: clientId,
  grantTypes,
  authMethod: 'client_secret_post',
  metadata: {},
  secretHashes: [],
  credentials: [],
  quota: undefined,
  requiresProofOfPossession: false,
});
const grant = (clientId: string, scopes: string[]) => ({
  id: 'cgr_1',
  clientId,
  audience: api.identifier,
  scopes,
  organizationUsage: 'deny' as const,
  organizations: [],
});
const directory = new Directory(
  1,
  [api],
  [client('shop'), client('stranger'), client('page', ['implicit'])],
  [grant('shop', ['read', 'write', 'gone']), grant('page', ['read'])],
  [],
);

const decide = (request: Partial<TokenRequest>) =>
  new TokenPolicy().decide({ clientId: 'shop', audience: api.identifier, ...request }, directory);

function refusalOf(request: Partial<TokenRequest>): TokenRefusal {
  try {
    decide(request);
  } catch (error) {
    if (error instanceof TokenRefusal) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('TokenPolicy', () => {
  it('grants all that is granted where nothing is asked for, as far as the API has it', () => {
    expect(decide({})).toMatchObject({ scopes: ['read', 'write'], lifetime: 600, grant: { id: 'cgr_1' } });
  });

  it('grants what is asked for, once', () => {
    expect(decide({ scopes: ['write', 'write'] }).scopes).toEqual(['write']);
  });

  it.each<[string, Partial<TokenRequest>, string, number]>([
    ['an unknown client', { clientId: 'nobody' }, 'client_unknown', 401],
    ['a client of another grant type', { clientId: 'page' }, 'grant_type_not_allowed', 403],
    ['an unknown audience', { audience: 'x' }, 'audience_unknown', 403],
    [
      'an audience that differs in its last slash',
      { audience: `${api.identifier}/` },
      'audience_unknown',
      403,
    ],
    ['a client without a grant', { clientId: 'stranger' }, 'grant_missing', 403],
    ['a scope beyond the grant', { scopes: ['read', 'admin'] }, 'scope_not_granted', 403],
    ['a granted scope that the API has no longer', { scopes: ['gone'] }, 'scope_not_granted', 403],
    ['a name that every object has', { audience: '__proto__' }, 'audience_unknown', 403],
  ])('refuses %s', (_name, request, reason, status) => {
    expect(refusalOf(request)).toMatchObject({ reason, status });
  });
});
