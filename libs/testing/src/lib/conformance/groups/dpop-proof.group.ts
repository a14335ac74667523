import { type Arena } from '../arena.js';
import { type ConformanceGroup, type RefusalCase } from '../conformance-case.js';
import { type DpopAbility } from '../options.js';
import { badProof, invalidBoundToken, malformedRequest, type Refusal } from '../refusal.js';
import { dpopClient, dpopShot, prove, type DpopClient, type ProofChange } from '../sender.js';
import { generateSigningKey, makeSigningKey } from '../../keys/signing-key.js';
import { base64url, compactJws, hmacInput } from '../../tokens/compact-jws.js';
import { accessTokenHash } from '../../tokens/dpop-proof.js';

type Proofs = string | readonly string[];
type MakeProofs = (client: DpopClient, arena: Arena) => Proofs | Promise<Proofs>;
type Named<T> = readonly [id: string, title: string, value: T];

/** A proof whose header says what no key signs for, with whatever signature. */
function signedOtherwise(
  proof: string,
  header: Record<string, unknown>,
  sign: (input: string) => string,
): string {
  const payload = proof.split('.')[1] ?? '';
  const input = `${base64url(JSON.stringify(header))}.${payload}`;
  return `${input}.${sign(input)}`;
}

function withPart(proof: string, index: 0 | 1 | 2, change: (part: string) => string): string {
  return proof
    .split('.')
    .map((part, at) => (at === index ? change(part) : part))
    .join('.');
}

const decoded = (part: string): string => Buffer.from(part, 'base64url').toString();
const publicJwk = ({ key }: DpopClient): object => key.publicKey.export({ format: 'jwk' });
const hmac = (secret: string | Buffer) => (input: string) =>
  hmacInput(input, 256, secret).toString('base64url');
const turnFirst = (part: string): string => `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`;
const atAddress = (change: (url: URL) => void) => (client: DpopClient) => {
  const url = new URL(client.url);
  change(url);
  return { url: url.href };
};

const counts: readonly Named<MakeProofs>[] = [
  ['none', 'no proof', () => []],
  ['empty', 'an empty proof', () => ''],
  ['two', 'two proofs that would each do', (client) => [prove(client), prove(client)]],
  ['list', 'two proofs in one line', (client) => `${prove(client)}, ${prove(client)}`],
  ['blank', 'a blank in the proof', (client) => withPart(prove(client), 1, (part) => `${part} `)],
];

const shapes: readonly Named<MakeProofs>[] = [
  ['word', 'a proof that is no JWT', () => 'proof'],
  ['access-token', 'the access token for a proof', ({ token }) => token],
  ['two-segments', 'a proof without a signature segment', (client) => prove(client).replace(/\.[^.]*$/, '')],
  ['no-signature', 'a proof with an empty signature', (client) => prove(client).replace(/[^.]*$/, '')],
  ['signature', 'a tampered signature', (client) => withPart(prove(client), 2, turnFirst)],
  [
    'payload',
    'a payload that was changed after signing',
    (client) => {
      const other = prove(client).split('.')[1] ?? '';
      return withPart(prove(client), 1, () => other);
    },
  ],
  [
    'long',
    'a proof of 10,000 characters',
    (client) => prove(client, { claims: { filler: 'x'.repeat(7_200) } }),
  ],
];

const headers: readonly Named<(client: DpopClient) => Record<string, unknown>>[] = [
  ['typ-missing', 'no typ', () => ({ typ: undefined })],
  ['typ-jwt', 'typ JWT', () => ({ typ: 'JWT' })],
  ['typ-at-jwt', 'typ at+jwt', () => ({ typ: 'at+jwt' })],
  ['typ-number', 'typ as a number', () => ({ typ: 7 })],
  ['alg-missing', 'no alg', () => ({ alg: undefined })],
  ['alg-other', 'the alg of another key type', () => ({ alg: 'RS256' })],
  ['alg-unknown', 'an alg nobody knows', () => ({ alg: 'XX256' })],
  ['jwk-missing', 'no key', () => ({ jwk: undefined })],
  ['jwk-null', 'a key that is null', () => ({ jwk: null })],
  ['jwk-text', 'a key as a text', (client) => ({ jwk: JSON.stringify(publicJwk(client)) })],
  ['jwk-list', 'a list of keys', (client) => ({ jwk: [publicJwk(client)] })],
  ['jwk-private', 'the private key', ({ key }) => ({ jwk: key.privateKey.export({ format: 'jwk' }) })],
  ['jwk-other', 'a key that did not sign', () => ({ jwk: generateSigningKey('ES256').publicJwk })],
  [
    'jwk-coordinate',
    'a key without a coordinate',
    (client) => ({ jwk: { ...publicJwk(client), y: undefined } }),
  ],
  ['jwk-by-name', 'a kid in place of the key', () => ({ jwk: undefined, kid: 'key' })],
  ['jku', 'an address in place of the key', () => ({ jwk: undefined, jku: 'http://127.0.0.1:9/jwks.json' })],
  ['crit', 'an extension that must be understood', () => ({ crit: ['x'], x: 1 })],
];

const algorithms: readonly Named<MakeProofs>[] = [
  [
    'alg-none',
    'alg none',
    (client) =>
      signedOtherwise(prove(client), { typ: 'dpop+jwt', alg: 'none', jwk: publicJwk(client) }, () => ''),
  ],
  [
    'alg-hmac',
    'an HMAC with the public key as its secret',
    (client) =>
      signedOtherwise(
        prove(client),
        { typ: 'dpop+jwt', alg: 'HS256', jwk: publicJwk(client) },
        hmac(client.key.publicKey.export({ type: 'spki', format: 'pem' })),
      ),
  ],
  [
    'jwk-symmetric',
    'a symmetric key and its HMAC',
    (client) =>
      signedOtherwise(
        prove(client),
        { typ: 'dpop+jwt', alg: 'HS256', jwk: { kty: 'oct', k: base64url('a-shared-secret') } },
        hmac('a-shared-secret'),
      ),
  ],
];

const targets: readonly Named<ProofChange | ((client: DpopClient) => ProofChange)>[] = [
  ['htm-missing', 'no method', { claims: { htm: undefined } }],
  ['htm-other', 'another method', { method: 'PATCH' }],
  ['htm-lower', 'the method in lower case', ({ method }) => ({ method: method.toLowerCase() })],
  ['htm-list', 'a list of methods', ({ method }) => ({ claims: { htm: [method] } })],
  ['htm-null', 'a method that is null', { claims: { htm: null } }],
  ['htu-missing', 'no address', { claims: { htu: undefined } }],
  ['htu-empty', 'an empty address', { url: '' }],
  ['htu-path', 'another path', atAddress((url) => (url.pathname = `${url.pathname}/other`))],
  ['htu-parent', 'the path above', atAddress((url) => (url.pathname = '/'))],
  ['htu-slash', 'a slash at the end', ({ url }) => ({ url: `${url}/` })],
  ['htu-host', 'another host', atAddress((url) => (url.hostname = 'other.example'))],
  ['htu-port', 'another port', atAddress((url) => (url.port = '9'))],
  [
    'htu-scheme',
    'another scheme',
    ({ url }) => ({
      url: url.startsWith('https:') ? url.replace('https:', 'http:') : url.replace('http:', 'https:'),
    }),
  ],
  ['htu-relative', 'the path alone', ({ url }) => ({ url: new URL(url).pathname })],
  ['htu-user', 'an address with a user', atAddress((url) => (url.username = 'user'))],
  [
    'htu-suffix',
    'the address as the beginning of another host',
    ({ url }) => ({ url: url.replace(/(:\d+)\//, '$1.other.example/') }),
  ],
  ['htu-list', 'a list of addresses', ({ url }) => ({ claims: { htu: [url] } })],
  ['iat-missing', 'no time', { claims: { iat: undefined } }],
  ['iat-text', 'a time as a text', () => ({ claims: { iat: String(Math.floor(Date.now() / 1000)) } })],
  ['iat-null', 'a time that is null', { claims: { iat: null } }],
  ['iat-old', 'a time long ago', { issuedIn: -1_000 }],
  ['iat-hour', 'a time an hour ago', { issuedIn: -3_600 }],
  ['iat-zero', 'the time 0', { claims: { iat: 0 } }],
  ['iat-future', 'a time to come', { issuedIn: 1_000 }],
  ['iat-milliseconds', 'a time in milliseconds', () => ({ claims: { iat: Date.now() } })],
  ['jti-missing', 'no jti', { claims: { jti: undefined } }],
  ['jti-empty', 'an empty jti', { claims: { jti: '' } }],
  ['jti-number', 'a jti as a number', { claims: { jti: 7 } }],
  ['jti-null', 'a jti that is null', { claims: { jti: null } }],
  ['jti-list', 'a list of jti', { claims: { jti: ['a'] } }],
  ['ath-missing', 'no token hash', { claims: { ath: undefined } }],
  ['ath-empty', 'an empty token hash', { claims: { ath: '' } }],
  ['ath-other', 'the hash of another token', { accessToken: 'another-token' }],
  ['ath-token', 'the token in place of its hash', ({ token }) => ({ claims: { ath: token } })],
  [
    'ath-hex',
    'the hash in hex',
    ({ token }) => ({ claims: { ath: Buffer.from(accessTokenHash(token), 'base64url').toString('hex') } }),
  ],
  ['ath-padded', 'the hash with padding', ({ token }) => ({ claims: { ath: `${accessTokenHash(token)}=` } })],
  ['ath-list', 'a list of hashes', ({ token }) => ({ claims: { ath: [accessTokenHash(token)] } })],
];

/** The proof, check by check (RFC 9449, sections 4.2 and 4.3). */
export function dpopProofs(ability: DpopAbility): ConformanceGroup {
  const control = async (arena: Arena) => {
    const client = await dpopClient(arena, ability);
    return dpopShot(client, [prove(client)]);
  };
  const proofCase = (
    [id, title, make]: Named<MakeProofs>,
    expected: readonly Refusal[] = badProof,
  ): RefusalCase => ({
    id: `dpop/proof-${id}`,
    title: `a DPoP-bound token with ${title}`,
    control,
    attack: async (arena) => {
      const client = await dpopClient(arena, ability);
      return dpopShot(client, [await make(client, arena)].flat());
    },
    expected,
  });
  const changed = ([id, title, change]: (typeof targets)[number]): RefusalCase =>
    proofCase([id, title, (client) => prove(client, typeof change === 'function' ? change(client) : change)]);
  const otherKey: readonly Refusal[] = [...badProof, ...invalidBoundToken('sender_mismatch')];

  return {
    name: 'DPoP proof',
    refusals: [
      ...counts.map((each) => proofCase(each, [...badProof, ...malformedRequest])),
      ...shapes.map((each) => proofCase(each)),
      ...headers.map(([id, title, header]) =>
        proofCase([id, title, (client) => prove(client, { header: header(client) })]),
      ),
      ...algorithms.map((each) => proofCase(each)),
      ...targets.map(changed),
      proofCase(
        [
          'key-other',
          'a proof of another key',
          (client) => prove({ ...client, key: generateSigningKey('ES256') }),
        ],
        otherKey,
      ),
      {
        id: 'dpop/proof-key-weak',
        title: 'a token that is bound to an RSA key of 1,024 bits, with its proof',
        control,
        attack: async (arena) => {
          const weak = await makeSigningKey('RS256', { modulusLength: 1_024 });
          const client = await dpopClient(arena, ability, weak);
          return dpopShot(client, [prove(client)]);
        },
        expected: badProof,
      },
      proofCase([
        'member-twice',
        'a proof that names its method twice',
        (client) => {
          const [header = '', payload = ''] = prove(client).split('.').map(decoded);
          const doubled = `{"htm":"PATCH",${payload.slice(1)}`;
          return compactJws(header, doubled, client.key.alg, client.key.privateKey);
        },
      ]),
    ],
  };
}
