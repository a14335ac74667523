import { tokenCase, type ConformanceGroup, type RefusalCase } from '../conformance-case.js';
import { invalidToken, unreadable, type Refusal } from '../refusal.js';
import { type Arena } from '../arena.js';
import { base64url } from '../../tokens/compact-jws.js';

const malformed = invalidToken('token_malformed');

function segments(
  id: string,
  title: string,
  rearrange: (header: string, payload: string, signature: string) => string,
  expected: readonly Refusal[] = malformed,
): RefusalCase {
  return tokenCase(
    `shape/${id}`,
    title,
    async (arena) => {
      const [header = '', payload = '', signature = ''] = (await arena.mint()).split('.');
      return rearrange(header, payload, signature);
    },
    expected,
  );
}

function signed(
  part: 'header' | 'payload',
  id: string,
  title: string,
  content: string | ((arena: Arena) => string),
  expected: readonly Refusal[] = malformed,
): RefusalCase {
  return tokenCase(
    `shape/${part}-${id}`,
    `a ${part} that is ${title}`,
    (arena) => arena.forge.raw({ [part]: typeof content === 'function' ? content(arena) : content }),
    expected,
  );
}

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const wrongJson: readonly (readonly [string, string, string])[] = [
  ['empty-text', 'empty', ''],
  ['not-json', 'not JSON', 'not json'],
  ['array', 'a JSON array', '[]'],
  ['null', 'JSON null', 'null'],
  ['string', 'a JSON string', '"text"'],
  ['number', 'a JSON number', '1'],
  ['true', 'JSON true', 'true'],
  ['cut', 'cut off', '{"alg":"RS256"'],
  ['trailing', 'followed by rubbish', '{"alg":"RS256"}{}'],
  ['single-quotes', 'in single quotes', "{'alg':'RS256'}"],
  ['comment', 'with a comment', '{"alg":"RS256"/**/}'],
];

const doubledClaims: readonly (readonly [string, unknown])[] = [
  ['iss', 'https://evil.example/'],
  ['aud', 'https://other.example/'],
  ['exp', 9_999_999_999],
  ['nbf', 0],
  ['iat', 0],
  ['sub', 'somebody-else'],
  ['scope', 'everything'],
  ['azp', 'somebody-else'],
];

/** Whether the text is a compact JWS in the one canonical spelling (RFC 7515, section 7.1; RFC 8725, section 3). */
export const shape: ConformanceGroup = {
  name: 'token shape',
  refusals: [
    tokenCase('shape/opaque', 'an opaque token', () => 'a3f1c9d0e5b7', malformed),
    tokenCase('shape/dots', 'two dots', () => '..', malformed),
    tokenCase('shape/one-dot', 'one dot', () => '.', malformed),
    segments('two-segments', 'no signature segment', (header, payload) => `${header}.${payload}`),
    segments('empty-signature', 'an empty signature', (header, payload) => `${header}.${payload}.`),
    segments('empty-payload', 'an empty payload', (header, _payload, signature) => `${header}..${signature}`),
    segments('empty-header', 'an empty header', (_header, payload, signature) => `.${payload}.${signature}`),
    segments(
      'four-segments',
      'a fourth segment',
      (header, payload, signature) => `${header}.${payload}.${signature}.x`,
    ),
    segments(
      'trailing-dot',
      'a dot at the end',
      (header, payload, signature) => `${header}.${payload}.${signature}.`,
    ),
    segments(
      'leading-dot',
      'a dot at the start',
      (header, payload, signature) => `.${header}.${payload}.${signature}`,
    ),
    segments(
      'padded',
      'base64 padding at the end',
      (header, payload, signature) => `${header}.${payload}.${signature}==`,
      unreadable,
    ),
    segments(
      'padded-header',
      'base64 padding inside',
      (header, payload, signature) => `${header}=.${payload}.${signature}`,
      unreadable,
    ),
    segments(
      'plus',
      'a plus sign in the signature',
      (header, payload, signature) => `${header}.${payload}.+${signature.slice(1)}`,
      unreadable,
    ),
    segments(
      'slash',
      'a slash in the signature',
      (header, payload, signature) => `${header}.${payload}./${signature.slice(1)}`,
      unreadable,
    ),
    segments(
      'tilde',
      'a tilde in the signature',
      (header, payload, signature) => `${header}.${payload}.~${signature.slice(1)}`,
      unreadable,
    ),
    segments(
      'star',
      'a star in the payload',
      (header, payload, signature) => `${header}.*${payload}.${signature}`,
      unreadable,
    ),
    ...(['header', 'payload', 'signature'] as const).map((part) =>
      tokenCase(
        `shape/non-canonical-${part}`,
        `the ${part} in another spelling of the same bytes`,
        (arena) => arena.forge.nonCanonical(part),
        unreadable,
      ),
    ),
    segments('one-character', 'a segment of one character', (header, payload) => `${header}.${payload}.A`),
    tokenCase(
      'shape/jwe',
      'an encrypted token',
      (arena) => arena.forge.jwe('jwt'),
      invalidToken('token_malformed', 'alg_not_allowed'),
    ),
    tokenCase(
      'shape/jwe-claims',
      'encrypted claims',
      (arena) => arena.forge.jwe('claims'),
      invalidToken('token_malformed', 'alg_not_allowed'),
    ),
    tokenCase(
      'shape/json-serialisation',
      'the JSON serialisation',
      async (arena) => {
        const [header, payload, signature] = (await arena.mint()).split('.');
        return base64url(JSON.stringify({ protected: header, payload, signature }));
      },
      malformed,
    ),
    ...wrongJson.flatMap(([id, title, content]) => [
      signed('header', id, title, content),
      signed('payload', id, title, content),
    ]),
    signed('payload', 'deep', 'nested very deeply', (arena) => {
      const valid = JSON.stringify(arena.issuer.parts(arena.valid).claims);
      return `${valid.slice(0, -1)},"deep":${nested(2_000)}}`;
    }),
    signed('header', 'deep', 'nested very deeply', (arena) => {
      const valid = JSON.stringify(arena.issuer.parts(arena.valid).header);
      return `${valid.slice(0, -1)},"deep":${nested(2_000)}}`;
    }),
    ...(['alg', 'kid', 'typ'] as const).map((name) =>
      tokenCase(
        `shape/double-header-${name}`,
        `the header parameter ${name} twice`,
        (arena) =>
          arena.forge.duplicateMember('header', name, { alg: 'none', kid: 'other', typ: 'JWT' }[name]),
        malformed,
      ),
    ),
    ...doubledClaims.map(([name, value]) =>
      tokenCase(
        `shape/double-claim-${name}`,
        `the claim ${name} twice`,
        (arena) => {
          const { claims } = arena.issuer.parts(arena.valid);
          const payload = JSON.stringify(name in claims ? claims : { ...claims, [name]: value });
          return arena.forge.raw({
            payload: `${payload.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`,
          });
        },
        malformed,
      ),
    ),
    tokenCase(
      'shape/double-claim-escaped',
      'the claim aud twice, once with an escape',
      (arena) => {
        const payload = JSON.stringify(arena.issuer.parts(arena.valid).claims);
        return arena.forge.raw({ payload: `${payload.slice(0, -1)},"\\u0061ud":"https://other.example/"}` });
      },
      malformed,
    ),
    tokenCase(
      'shape/double-claim-nested',
      'a member twice inside a claim',
      (arena) => {
        const payload = JSON.stringify(arena.issuer.parts(arena.valid).claims);
        return arena.forge.raw({ payload: `${payload.slice(0, -1)},"cnf":{"jkt":"a","jkt":"b"}}` });
      },
      invalidToken('token_malformed', 'sender_mismatch'),
    ),
  ],
};
