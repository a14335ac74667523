import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { m2mEnv } from './m2m.env.js';

const callees = {
  inventory: { audience: 'https://inventory.example', scopes: ['read:stock'] },
  'stock-ledger': { audience: 'https://ledger.example', scopes: [] },
} as const;
const defaultUrls = { inventory: 'http://localhost:4102', 'stock-ledger': 'http://localhost:4103' };
const schema = m2mEnv({ service: 'orders' }, callees, { defaultUrls });
const production = {
  NODE_ENV: 'production',
  AUTH_ISSUER: 'https://tenant.example/',
  M2M_CLIENT_ID: 'id',
  M2M_CLIENT_SECRET: 's',
  INVENTORY_URL: 'https://inventory.internal',
  STOCK_LEDGER_URL: 'http://ledger:8080/api',
};

const keys = `a:${randomBytes(32).toString('base64')}`;

const problems = (env: Record<string, string>) =>
  schema.safeParse(env).error?.issues.map(({ path, message }) => `${String(path[0])} ${message}`) ?? [];

describe('m2mEnv', () => {
  it('needs only a secret on a laptop', () => {
    expect(schema.parse({ M2M_CLIENT_SECRET: 's' })).toEqual({
      service: 'orders',
      issuer: 'http://localhost:4100/',
      provider: 'auth0',
      clientId: 'orders',
      clientSecret: 's',
      connections: {
        inventory: {
          baseUrl: 'http://localhost:4102',
          audience: 'https://inventory.example',
          scopes: ['read:stock'],
        },
        'stock-ledger': { baseUrl: 'http://localhost:4103', audience: 'https://ledger.example', scopes: [] },
      },
      allowInsecureIssuer: true,
    });
  });

  it('takes everything from the environment in production', () => {
    const options = schema.parse({
      ...production,
      AUTH_PROVIDER: 'okta',
      M2M_TOKEN_URL: 'https://tenant.example/token',
      M2M_CLIENT_SECRET_NEXT: 'n',
      INVENTORY_AUDIENCE: 'urn:inventory',
    });
    expect(options).toMatchObject({
      issuer: 'https://tenant.example/',
      provider: 'okta',
      tokenUrl: 'https://tenant.example/token',
      clientId: 'id',
      nextClientSecret: 'n',
      allowInsecureIssuer: false,
      connections: {
        inventory: { baseUrl: 'https://inventory.internal', audience: 'urn:inventory' },
        'stock-ledger': { baseUrl: 'http://ledger:8080/api' },
      },
    });
  });

  it('names every problem at once', () => {
    expect(problems({ NODE_ENV: 'production', AUTH_PROVIDER: 'okto', STOCK_LEDGER_URL: 'ledger' })).toEqual([
      'AUTH_ISSUER is not set: set it to the authorization server, exactly as its tokens name it',
      'INVENTORY_URL is not set: set it to the base URL of inventory',
      'STOCK_LEDGER_URL must be an absolute http or https URL',
      'AUTH_PROVIDER must be one of auth0, rfc9068, keycloak, okta, entra, cognito, hydra',
      'M2M_CLIENT_ID is not set: set it to the id of this service at the authorization server',
      'M2M_CLIENT_SECRET_FILE is not set: set it, or M2M_CLIENT_SECRET, M2M_PRIVATE_KEY_FILE or M2M_TLS_CERT_FILE, so that this service can prove who it is',
    ]);
  });

  it('has no default URL in production', () => {
    const { INVENTORY_URL: _, ...env } = production;
    expect(problems(env)).toEqual(['INVENTORY_URL is not set: set it to the base URL of inventory']);
  });

  it('takes an empty value as unset', () => {
    expect(schema.parse({ M2M_CLIENT_SECRET: 's', AUTH_ISSUER: '', INVENTORY_AUDIENCE: ' ' })).toMatchObject({
      issuer: 'http://localhost:4100/',
      connections: { inventory: { audience: 'https://inventory.example' } },
    });
    expect(problems({ M2M_CLIENT_SECRET: '' })).toHaveLength(1);
  });

  it.each([
    ['a file for the secret', { M2M_CLIENT_SECRET_FILE: '/run/s' }, { clientSecret: { file: '/run/s' } }],
    [
      'a shared cache',
      { M2M_CLIENT_SECRET: 's', M2M_REDIS_URL: 'rediss://cache:6380', M2M_CACHE_KEYS: keys },
      { store: { url: 'rediss://cache:6380', keys } },
    ],
    ['a private key', { M2M_PRIVATE_KEY_FILE: '/run/k' }, { privateKey: { file: '/run/k' } }],
    [
      'a client certificate alone',
      { M2M_TLS_CERT_FILE: '/run/c', M2M_TLS_KEY_FILE: '/run/k', M2M_TLS_CA_FILE: '/run/ca' },
      { mtls: { certificate: { file: '/run/c' }, key: { file: '/run/k' }, ca: { file: '/run/ca' } } },
    ],
    ['DPoP', { M2M_CLIENT_SECRET: 's', M2M_DPOP: 'true' }, { dpop: true }],
  ])('takes %s', (_name, env, expected) => {
    expect(schema.parse(env)).toMatchObject(expected);
  });

  it.each([
    ['two secrets', { M2M_CLIENT_SECRET: 's', M2M_CLIENT_SECRET_FILE: 'f' }, 'M2M_CLIENT_SECRET_FILE'],
    ['a secret and a key', { M2M_CLIENT_SECRET: 's', M2M_PRIVATE_KEY_FILE: 'f' }, 'M2M_PRIVATE_KEY_FILE'],
    [
      'a next secret beside a key',
      { M2M_CLIENT_SECRET_NEXT: 's', M2M_PRIVATE_KEY_FILE: 'f' },
      'M2M_CLIENT_SECRET_NEXT',
    ],
    ['a certificate without its key', { M2M_TLS_CERT_FILE: 'c' }, 'M2M_TLS_KEY_FILE'],
    ['a key without its certificate', { M2M_CLIENT_SECRET: 's', M2M_TLS_KEY_FILE: 'k' }, 'M2M_TLS_CERT_FILE'],
    ['a DPoP switch that is neither on nor off', { M2M_CLIENT_SECRET: 's', M2M_DPOP: '1' }, 'M2M_DPOP'],
    ['a cache without keys', { M2M_CLIENT_SECRET: 's', M2M_REDIS_URL: 'redis://cache' }, 'M2M_CACHE_KEYS'],
    ['keys without a cache', { M2M_CLIENT_SECRET: 's', M2M_CACHE_KEYS: keys }, 'M2M_REDIS_URL'],
    [
      'a cache that is no Redis',
      { M2M_CLIENT_SECRET: 's', M2M_REDIS_URL: 'https://cache', M2M_CACHE_KEYS: keys },
      'M2M_REDIS_URL',
    ],
    [
      'keys that are none',
      { M2M_CLIENT_SECRET: 's', M2M_REDIS_URL: 'redis://cache', M2M_CACHE_KEYS: 'a:b' },
      'M2M_CACHE_KEYS',
    ],
    ['a user in a URL', { M2M_CLIENT_SECRET: 's', INVENTORY_URL: 'http://a:b@host' }, 'INVENTORY_URL'],
    ['a query in a URL', { M2M_CLIENT_SECRET: 's', INVENTORY_URL: 'http://host/?a=b' }, 'INVENTORY_URL'],
    [
      'an issuer without https in production',
      { ...production, AUTH_ISSUER: 'http://tenant.example/' },
      'AUTH_ISSUER',
    ],
  ])('refuses %s', (_name, env, variable) => {
    expect(problems(env).map((problem) => problem.split(' ')[0])).toEqual([variable]);
    expect(problems(production)).toEqual([]);
  });
});
