import { mintCase, tokenCase, type ConformanceGroup, type RefusalCase } from '../conformance-case.js';
import { invalidToken, type Refusal } from '../refusal.js';
import { type SecretForm } from '../../tokens/forge.js';

const typ = invalidToken('typ_not_allowed', 'token_malformed');
const alg = invalidToken('alg_not_allowed', 'token_malformed');
const crit = invalidToken('crit_unsupported', 'token_malformed');
const kid = invalidToken('key_unknown', 'token_malformed');

function header(name: string, expected: readonly Refusal[]) {
  return ([id, title, value]: readonly [string, string, unknown]): RefusalCase =>
    mintCase(`header/${name}-${id}`, `${name} ${title}`, { header: { [name]: value } }, expected);
}

const foreignTypes = [
  'logout+jwt',
  'dpop+jwt',
  'secevent+jwt',
  'token-introspection+jwt',
  'oauth-authz-req+jwt',
  'client-authentication+jwt',
  'entity-statement+jwt',
  'kb+jwt',
  'vc+sd-jwt',
  'rt+jwt',
  'id+jwt',
  'JOSE',
  'JWE',
  'application/logout+jwt',
].map((value) => [value.replaceAll(/\W/g, '-').toLowerCase(), value, value] as const);

const oddValues: readonly (readonly [string, string, unknown])[] = [
  ['number', 'as a number', 1],
  ['null', 'as null', null],
  ['true', 'as true', true],
  ['array', 'as an array', ['JWT', 'RS256']],
  ['object', 'as an object', {}],
  ['empty', 'as an empty text', ''],
];

const foreignAlgorithms = [
  'none',
  'None',
  'NONE',
  'nOnE',
  'HS256',
  'HS384',
  'HS512',
  'RS1',
  'ES256K',
  'rs256',
  'RS256 ',
  ' RS256',
  'RS256\u0000',
  'RSA-OAEP',
  'RSA1_5',
  'dir',
  'A128KW',
  'ECDH-ES',
  'PBES2-HS256+A128KW',
  'SHA256',
  '__proto__',
  'constructor',
].map((value, index) => [`${index}-${value.replaceAll(/\W/g, '')}`, JSON.stringify(value), value] as const);

const strangeKids = [
  ['unknown', 'that nobody published', 'unknown'],
  ['path', 'as a path', '../../../../dev/null'],
  ['sql', 'as SQL', "x' UNION SELECT 'secret"],
  ['url', 'as a URL', 'http://127.0.0.1:1/keys'],
  ['command', 'as a command', '|sleep 5'],
  ['template', 'as a template', '${7*7}'],
  ['proto', '__proto__', '__proto__'],
  ['constructor', 'constructor', 'constructor'],
  ['to-string', 'toString', 'toString'],
  ['nul', 'with a NUL', 'a\u0000b'],
  ['long', 'of 4,000 characters', 'k'.repeat(4_000)],
  ['undefined', 'undefined', 'undefined'],
  ['asterisk', 'as a wildcard', '*'],
] as const;

const secretForms: readonly SecretForm[] = ['spki-pem', 'pkcs1-pem', 'spki-der', 'jwk', 'modulus', 'empty'];

/** The protected header (RFC 7515, section 4; RFC 8725, sections 3.1, 3.10 and 3.11; RFC 9068, section 4). */
export const protectedHeader: ConformanceGroup = {
  name: 'header',
  refusals: [
    ...foreignTypes.map(header('typ', typ)),
    ...oddValues.map(header('typ', invalidToken('typ_not_allowed', 'token_malformed'))),
    ...foreignAlgorithms.map(header('alg', alg)),
    ...oddValues.map(header('alg', alg)),
    mintCase('header/alg-missing', 'no alg', { header: { alg: undefined } }, alg),
    ...['none', 'None', 'NONE', 'nOnE', 'none '].map((spelling, index) =>
      tokenCase(
        `header/unsigned-${index}`,
        `an unsigned token, alg ${JSON.stringify(spelling)}`,
        (arena) => arena.forge.unsigned(spelling),
        alg,
      ),
    ),
    ...['none', 'None'].map((spelling, index) =>
      tokenCase(
        `header/unsigned-with-signature-${index}`,
        `alg ${spelling} above a signature that holds`,
        (arena) => arena.forge.raw({ header: { ...arena.issuer.parts(arena.valid).header, alg: spelling } }),
        alg,
      ),
    ),
    ...secretForms.flatMap((form) =>
      ([256, 384, 512] as const).map((bits) =>
        tokenCase(
          `header/hmac-${form}-${bits}`,
          `HS${bits} with the public key (${form}) as its secret`,
          (arena) => arena.forge.hmacWithPublicKey(form, bits),
          alg,
        ),
      ),
    ),
    ...(['RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const).map((other) =>
      tokenCase(
        `header/other-rsa-${other}`,
        `${other} with a key that is published for RS256`,
        (arena) =>
          arena.forge.raw({
            header: { ...arena.issuer.parts(arena.valid).header, alg: other },
            signWith: other,
          }),
        invalidToken('alg_not_allowed', 'key_unknown', 'signature_invalid'),
      ),
    ),
    ...(['ES256', 'ES384', 'EdDSA'] as const).map((other) =>
      mintCase(
        `header/other-family-${other}`,
        `${other} named above an RSA signature`,
        { header: { alg: other } },
        invalidToken('alg_not_allowed', 'key_unknown', 'signature_invalid'),
      ),
    ),
    header('crit', crit)(['unknown', 'naming an extension nobody knows', ['urn:example:unknown']]),
    header('crit', crit)(['exp', 'naming a claim', ['exp']]),
    header('crit', crit)(['alg', 'naming a registered parameter', ['alg']]),
    header('crit', crit)(['empty', 'as an empty list', []]),
    header('crit', crit)(['text', 'as a text', 'exp']),
    header('crit', crit)(['null', 'as null', null]),
    header('crit', crit)(['object', 'as an object', {}]),
    header('crit', crit)(['numbers', 'with numbers', [1]]),
    header('crit', crit)(['twice', 'naming one name twice', ['x', 'x']]),
    mintCase(
      'header/crit-present',
      'crit naming a parameter that is there',
      { header: { crit: ['x'], x: 1 } },
      crit,
    ),
    mintCase('header/b64-false', 'b64 false', { header: { b64: false, crit: ['b64'] } }, crit),
    mintCase('header/b64-true', 'b64 true', { header: { b64: true, crit: ['b64'] } }, crit),
    mintCase(
      'header/b64-false-quiet',
      'b64 false without crit',
      { header: { b64: false } },
      invalidToken('crit_unsupported', 'token_malformed'),
    ),
    ...strangeKids.map(([id, title, value]) =>
      mintCase(`header/kid-${id}`, `kid ${title}`, { kid: value }, kid),
    ),
    ...oddValues
      .filter(([id]) => id !== 'empty')
      .map(header('kid', invalidToken('key_unknown', 'token_malformed'))),
    mintCase('header/kid-empty', 'kid as an empty text', { kid: '' }, kid),
    mintCase(
      'header/kid-case',
      'kid in the other case',
      (arena) => ({ kid: arena.issuer.signingKey().kid.toUpperCase() }),
      kid,
    ),
    mintCase(
      'header/kid-space',
      'kid with a blank',
      (arena) => ({ kid: `${arena.issuer.signingKey().kid} ` }),
      kid,
    ),
  ],
};
