import { describe, expect, it } from 'vitest';
import { authEnv } from './auth.env.js';

const contract = { service: 'orders', audience: 'https://orders.example', scopes: { 'read:orders': 'Read' } };

function problems(
  environment: Record<string, string>,
  of: Parameters<typeof authEnv>[0] = contract,
): string[] {
  const result = authEnv(of).safeParse(environment);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('authEnv', () => {
  it('needs nothing for a service on a laptop', () => {
    expect(authEnv(contract).parse({})).toEqual({
      contract,
      issuer: 'http://localhost:4100/',
      audience: 'https://orders.example',
      dialect: 'auth0',
    });
  });

  it('takes every variable, and leaves those of others alone', () => {
    const environment = {
      NODE_ENV: 'production',
      AUTH_ISSUER: 'https://acme.eu.auth0.com/',
      AUTH_AUDIENCE: 'https://a.example, https://b.example',
      AUTH_JWKS_URI: 'https://acme.eu.auth0.com/.well-known/jwks.json',
      AUTH_PROVIDER: 'rfc9068',
      PORT: '4101',
    };
    expect(authEnv(contract).parse(environment)).toEqual({
      contract,
      issuer: 'https://acme.eu.auth0.com/',
      audience: ['https://a.example', 'https://b.example'],
      dialect: 'rfc9068',
      jwksUri: 'https://acme.eu.auth0.com/.well-known/jwks.json',
    });
  });

  it('counts an empty value as unset', () => {
    const empty = { AUTH_ISSUER: '', AUTH_AUDIENCE: ' ', AUTH_JWKS_URI: '', AUTH_PROVIDER: '', NODE_ENV: '' };
    expect(authEnv(contract).parse(empty)).toEqual(authEnv(contract).parse({}));
  });

  it('has no default issuer in production', () => {
    expect(problems({ NODE_ENV: 'production' })).toEqual(['AUTH_ISSUER is required in production']);
    expect(problems({ NODE_ENV: 'production', AUTH_ISSUER: 'https://a.example/' })).toEqual([]);
  });

  it('needs an audience from somewhere', () => {
    const client = { service: 'storefront', scopes: {} };
    expect(problems({}, client)).toEqual([
      'AUTH_AUDIENCE is required: the contract of storefront has no audience',
    ]);
    expect(problems({ AUTH_AUDIENCE: 'https://a.example' }, client)).toEqual([]);
    expect(problems({ AUTH_AUDIENCE: ' , ' })).toHaveLength(1);
  });

  it('reports every problem at once', () => {
    const bad = {
      NODE_ENV: 'production',
      AUTH_JWKS_URI: 'ftp://a.example',
      AUTH_PROVIDER: 'auth1',
      AUTH_AUDIENCE: ',',
    };
    expect(problems(bad).map((problem) => problem.split(' ')[0])).toEqual(
      expect.arrayContaining(['AUTH_JWKS_URI', 'AUTH_PROVIDER', 'AUTH_AUDIENCE', 'AUTH_ISSUER']),
    );
    expect(problems({ ...bad, AUTH_ISSUER: 'not a URL' })).toContain(
      'AUTH_ISSUER must be an http or https URL',
    );
  });
});
