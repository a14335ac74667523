import { type Arena } from '../arena.js';
import { mintCase, tokenCase, type ConformanceGroup, type RefusalCase } from '../conformance-case.js';
import { invalidToken, type Refusal } from '../refusal.js';

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;

type Value = readonly [id: string, title: string, value: unknown];

function claim(name: string, expected: readonly Refusal[]) {
  return ([id, title, value]: Value): RefusalCase =>
    mintCase(`claims/${name}-${id}`, `${name} ${title}`, { claims: { [name]: value } }, expected);
}

const notText: readonly Value[] = [
  ['null', 'as null', null],
  ['number', 'as a number', 7],
  ['true', 'as true', true],
  ['object', 'as an object', {}],
  ['array', 'as an array', []],
  ['empty', 'as an empty text', ''],
];
const notTime: readonly Value[] = [
  ['null', 'as null', null],
  ['text', 'as a text', '9999999999'],
  ['word', 'as a word', 'never'],
  ['true', 'as true', true],
  ['object', 'as an object', {}],
  ['array', 'as an array', [9_999_999_999]],
];

/** A claim as exact JSON text, for what JSON.stringify would not write. */
function literal(
  id: string,
  title: string,
  name: string,
  json: string,
  expected: readonly Refusal[],
): RefusalCase {
  return tokenCase(
    `claims/${id}`,
    title,
    (arena) => {
      const { [name]: _replaced, ...claims } = arena.issuer.parts(arena.valid).claims;
      return arena.forge.raw({ payload: `${JSON.stringify(claims).slice(0, -1)},"${name}":${json}}` });
    },
    expected,
  );
}

function issuerCase(id: string, title: string, iss: (issuer: string) => unknown): RefusalCase {
  return mintCase(
    `claims/iss-${id}`,
    `iss ${title}`,
    (arena) => ({ claims: { iss: iss(arena.issuer.issuer) } }),
    invalidToken('issuer_mismatch', 'claim_invalid', 'claim_missing'),
  );
}

function audienceCase(id: string, title: string, aud: (arena: Arena) => unknown): RefusalCase {
  return mintCase(
    `claims/aud-${id}`,
    `aud ${title}`,
    (arena) => ({ claims: { aud: aud(arena) } }),
    invalidToken('audience_mismatch', 'claim_invalid', 'claim_missing'),
  );
}

const badTime = invalidToken('claim_invalid', 'token_malformed');
const sender = invalidToken('sender_mismatch', 'claim_invalid');

/** Issuer, audience, times and the rest (RFC 7519, section 4.1; RFC 9068, section 4; RFC 8725, section 3). */
export const claims: ConformanceGroup = {
  name: 'claims',
  refusals: [
    issuerCase('no-slash', 'without its slash', (iss) => iss.slice(0, -1)),
    issuerCase('two-slashes', 'with a second slash', (iss) => `${iss}/`),
    issuerCase('other', 'of another issuer', () => 'https://evil.example/'),
    issuerCase('upper', 'in upper case', (iss) => iss.toUpperCase()),
    issuerCase('https', 'with another scheme', (iss) => iss.replace('http:', 'https:')),
    issuerCase('localhost', 'with another name for the host', (iss) => iss.replace('127.0.0.1', 'localhost')),
    issuerCase('suffix', 'with a suffix', (iss) => `${iss}.evil.example/`),
    issuerCase('prefix', 'with a prefix', (iss) => `https://evil.example/${iss}`),
    issuerCase('userinfo', 'with user information', (iss) => iss.replace('http://', 'http://x@')),
    issuerCase('blank', 'with a blank', (iss) => `${iss} `),
    issuerCase('nul', 'with a NUL', (iss) => `${iss}\u0000`),
    issuerCase('query', 'with a query', (iss) => `${iss}?`),
    issuerCase('list', 'as a list', (iss) => [iss]),
    issuerCase('missing', 'missing', () => undefined),
    ...notText.map(([id, title, value]) => issuerCase(id, title, () => value)),

    audienceCase('other', 'of another API', () => 'https://other.example'),
    audienceCase('slash', 'with a slash more', ({ options }) => `${options.audience}/`),
    audienceCase('upper', 'in upper case', ({ options }) => options.audience.toUpperCase()),
    audienceCase('prefix', 'with a prefix only', ({ options }) => options.audience.slice(0, -1)),
    audienceCase('suffix', 'with a suffix', ({ options }) => `${options.audience}.evil.example`),
    audienceCase('blank', 'with a blank', ({ options }) => ` ${options.audience}`),
    audienceCase(
      'words',
      'as one of several words',
      ({ options }) => `https://other.example ${options.audience}`,
    ),
    audienceCase('wildcard', 'as a wildcard', () => '*'),
    audienceCase('list-without', 'as a list without this API', () => [
      'https://other.example',
      'https://more.example',
    ]),
    audienceCase('list-in-list', 'as a list in a list', ({ options }) => [[options.audience]]),
    audienceCase('keys', 'as an object with this API as a key', ({ options }) => ({
      [options.audience]: true,
    })),
    audienceCase('list-null', 'as a list of null', () => [null]),
    audienceCase('userinfo', 'of the issuer itself', ({ issuer }) => `${issuer.issuer}userinfo`),
    audienceCase('client', 'of the client', () => 'test-client'),
    audienceCase('missing', 'missing', () => undefined),
    ...notText.map(([id, title, value]) => audienceCase(id, title, () => value)),

    mintCase('claims/exp-missing', 'no exp', { claims: { exp: undefined } }, invalidToken('claim_missing')),
    mintCase('claims/exp-past', 'exp an hour ago', { expiresIn: -3600 }, invalidToken('token_expired')),
    mintCase('claims/exp-just-past', 'exp 61 s ago', { expiresIn: -61 }, invalidToken('token_expired')),
    mintCase(
      'claims/exp-zero',
      'exp 0',
      { claims: { exp: 0 } },
      invalidToken('token_expired', 'claim_invalid'),
    ),
    mintCase(
      'claims/exp-negative',
      'exp negative',
      { claims: { exp: -1 } },
      invalidToken('token_expired', 'claim_invalid'),
    ),
    ...notTime.map(claim('exp', badTime)),
    literal('exp-infinite', 'exp 1e999', 'exp', '1e999', badTime),
    literal('exp-minus-infinite', 'exp -1e999', 'exp', '-1e999', [
      ...badTime,
      ...invalidToken('token_expired'),
    ]),

    mintCase(
      'claims/nbf-future',
      'nbf in an hour',
      { claims: { nbf: seconds(3600) } },
      invalidToken('token_not_active'),
    ),
    mintCase(
      'claims/nbf-soon',
      'nbf in 90 s',
      () => ({ claims: { nbf: seconds(90) } }),
      invalidToken('token_not_active'),
    ),
    ...notTime.map(claim('nbf', badTime)),
    literal('nbf-infinite', 'nbf 1e999', 'nbf', '1e999', [...badTime, ...invalidToken('token_not_active')]),

    mintCase(
      'claims/iat-future',
      'iat in an hour',
      { claims: { iat: seconds(3600) } },
      invalidToken('token_not_active', 'claim_invalid'),
    ),
    mintCase(
      'claims/iat-soon',
      'iat in 90 s',
      () => ({ claims: { iat: seconds(90) } }),
      invalidToken('token_not_active', 'claim_invalid'),
    ),
    mintCase(
      'claims/iat-milliseconds',
      'iat in milliseconds',
      () => ({ claims: { iat: Date.now() } }),
      invalidToken('token_not_active', 'claim_invalid'),
    ),
    ...notTime.map(claim('iat', badTime)),
    literal('iat-infinite', 'iat 1e999', 'iat', '1e999', [...badTime, ...invalidToken('token_not_active')]),

    mintCase('claims/sub-missing', 'no sub', { claims: { sub: undefined } }, invalidToken('claim_missing')),
    ...notText.map(claim('sub', invalidToken('claim_invalid', 'claim_missing'))),
    mintCase(
      'claims/client-missing',
      'no client',
      { claims: { azp: undefined, client_id: undefined, cid: undefined, appid: undefined } },
      invalidToken('claim_missing'),
    ),
    mintCase(
      'claims/client-object',
      'the client as an object',
      { claims: { azp: {}, client_id: {}, cid: {}, appid: {} } },
      invalidToken('claim_invalid', 'claim_missing'),
    ),
    mintCase(
      'claims/client-empty',
      'the client as an empty text',
      { claims: { azp: '', client_id: '', cid: '', appid: '' } },
      invalidToken('claim_invalid', 'claim_missing'),
    ),

    mintCase(
      'claims/cnf-jkt',
      'a DPoP-bound token as a bearer token',
      { claims: { cnf: { jkt: 'A'.repeat(43) } } },
      sender,
    ),
    mintCase(
      'claims/cnf-x5t',
      'a certificate-bound token without its certificate',
      { claims: { cnf: { 'x5t#S256': 'A'.repeat(43) } } },
      sender,
    ),
    mintCase(
      'claims/cnf-both',
      'a token that is bound in two ways',
      { claims: { cnf: { jkt: 'a', 'x5t#S256': 'b' } } },
      sender,
    ),
    mintCase(
      'claims/cnf-unknown',
      'a token that is bound in a way nobody knows',
      { claims: { cnf: { kid: 'k' } } },
      sender,
    ),
    ...notText.filter(([id]) => id !== 'object').map(claim('cnf', sender)),
    mintCase('claims/cnf-object', 'cnf as an empty object', { claims: { cnf: {} } }, sender),

    tokenCase(
      'claims/id-token',
      'an ID token of the issuer',
      (arena) => arena.forge.idToken(),
      invalidToken('typ_not_allowed', 'audience_mismatch', 'claim_invalid', 'claim_missing'),
    ),
    tokenCase(
      'claims/logout-token',
      'a logout token with the right audience',
      (arena) => arena.forge.logoutToken(),
      invalidToken('typ_not_allowed', 'claim_invalid'),
    ),
    tokenCase(
      'claims/dpop-proof',
      'a DPoP proof for an access token',
      (arena) => arena.forge.dpopProof(arena.issuer.signingKey()),
      invalidToken('typ_not_allowed'),
    ),
    mintCase(
      'claims/no-claims',
      'no claims at all',
      () => ({
        claims: {
          iss: undefined,
          aud: undefined,
          exp: undefined,
          iat: undefined,
          sub: undefined,
          azp: undefined,
          client_id: undefined,
          scope: undefined,
          gty: undefined,
        },
      }),
      invalidToken('claim_missing', 'issuer_mismatch', 'token_malformed'),
    ),
  ],
};
