import { describe, expect, it } from 'vitest';
import { AuthOptionsError } from '../errors/auth-options-error.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { optionProblems } from './option-problems.js';
import type { AccessTokenVerifierOptions } from './options.js';

const issuer = 'https://tenant.example/';
const good: AccessTokenVerifierOptions = { issuers: [{ issuer }], audience: 'https://orders.example' };

describe('optionProblems', () => {
  it.each([
    ['one issuer and one audience', good],
    ['several of both', { issuers: [{ issuer }, { issuer: 'https://b.example' }], audience: ['a', 'b'] }],
    [
      'every option',
      {
        issuers: [
          {
            issuer,
            jwksUri: 'https://k.example/jwks',
            dialect: 'keycloak',
            algorithms: ['EdDSA'],
            requiredClaims: ['org_id'],
            keys: {
              refreshSeconds: 60,
              cooldownSeconds: 5,
              maxStaleSeconds: 60,
              timeoutMs: 100,
              maxBytes: 2_048,
              maxWaiting: 1,
            },
          },
        ],
        audience: ['a'],
        clockToleranceSeconds: 0,
        maxTokenLength: 4_096,
        cacheSize: 0,
      },
    ],
  ] as [string, AccessTokenVerifierOptions][])('has nothing against %s', (_what, options) => {
    expect(optionProblems(options)).toEqual([]);
  });

  it.each([
    ['no issuer', { issuers: [] }, 'issuers must name'],
    ['issuers left out', { issuers: undefined }, 'issuers must name'],
    [
      'an issuer over http',
      { issuers: [{ issuer: 'http://tenant.example/' }] },
      'issuers[0].issuer must be https',
    ],
    [
      'an issuer that is a pattern',
      { issuers: [{ issuer: /tenant/ }] },
      'issuers[0].issuer must be an absolute URL',
    ],
    [
      'an issuer with a query',
      { issuers: [{ issuer: 'https://a.example/?b' }] },
      'issuers[0].issuer must have no query',
    ],
    ['one issuer twice', { issuers: [{ issuer }, { issuer }] }, 'twice'],
    [
      'keys over http',
      { issuers: [{ issuer, jwksUri: 'http://k.example/' }] },
      'issuers[0].jwksUri must be https',
    ],
    [
      'an unknown dialect',
      { issuers: [{ issuer, dialect: 'auth9' }] },
      'issuers[0].dialect must be one of auth0',
    ],
    ['a dialect from the prototype', { issuers: [{ issuer, dialect: 'toString' }] }, 'issuers[0].dialect'],
    ['no algorithm', { issuers: [{ issuer, algorithms: [] }] }, 'issuers[0].algorithms'],
    ['the algorithm none', { issuers: [{ issuer, algorithms: ['none'] }] }, 'issuers[0].algorithms'],
    ['an HMAC algorithm', { issuers: [{ issuer, algorithms: ['RS256', 'HS256'] }] }, 'issuers[0].algorithms'],
    [
      'a required claim without a name',
      { issuers: [{ issuer, requiredClaims: [''] }] },
      'issuers[0].requiredClaims',
    ],
    ['a timeout of zero', { issuers: [{ issuer, keys: { timeoutMs: 0 } }] }, 'issuers[0].keys.timeoutMs'],
    [
      'an endless stale time',
      { issuers: [{ issuer, keys: { maxStaleSeconds: Infinity } }] },
      'issuers[0].keys.maxStaleSeconds',
    ],
    ['no audience', { audience: undefined }, 'audience must name'],
    ['an empty audience', { audience: '' }, 'audience must name'],
    ['a blank audience', { audience: ' ' }, 'audience must name'],
    ['an empty list of audiences', { audience: [] }, 'audience must name'],
    ['a list with an empty audience', { audience: ['a', ''] }, 'audience must name'],
    ['an audience that is a pattern', { audience: /orders/ }, 'audience must name'],
    [
      'a tolerance of two minutes',
      { clockToleranceSeconds: 120 },
      'clockToleranceSeconds must be a number from 0 to 60',
    ],
    ['a negative tolerance', { clockToleranceSeconds: -1 }, 'clockToleranceSeconds'],
    ['a tolerance that is no number', { clockToleranceSeconds: NaN }, 'clockToleranceSeconds'],
    ['an endless token', { maxTokenLength: Infinity }, 'maxTokenLength'],
    ['a negative cache', { cacheSize: -1 }, 'cacheSize'],
  ] as [string, object, string][])('refuses %s', (_what, change, problem) => {
    expect(optionProblems({ ...good, ...change })).toEqual([expect.stringContaining(problem)]);
  });

  it('has the verifier name every problem at once', () => {
    const attempt = (): unknown =>
      new AccessTokenVerifier({
        issuers: [{ issuer: 'nowhere', algorithms: [] }],
        audience: '',
        cacheSize: NaN,
      });
    expect(attempt).toThrow(AuthOptionsError);
    expect(attempt).toThrow(/issuers\[0\]\.issuer[^]*issuers\[0\]\.algorithms[^]*audience[^]*cacheSize/);
  });
});
