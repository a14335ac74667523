import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyServer } from '../../../test/support/core/key-server.js';
import { type Json, segment, Signer } from '../../../test/support/core/signer.js';
import { AuthError } from '../errors/auth-error.js';
import type { AuthErrorCode } from '../errors/refusals.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import type { AccessTokenVerifierOptions } from './options.js';

const AUDIENCE = 'https://orders.countersign.example';
const NOW = 1_900_000_000;

let server: KeyServer;
let rsa: Signer;
let ec: Signer;
let stranger: Signer;
let verifier: AccessTokenVerifier;

beforeAll(async () => {
  rsa = Signer.create('RS256', 'rsa');
  ec = Signer.create('ES256', 'ec');
  stranger = Signer.create('RS256', 'rsa');
  server = await KeyServer.start([
    { ...rsa.publicJwk, use: 'sig', alg: 'RS256' },
    { ...ec.publicJwk, use: 'sig' },
  ]);
  verifier = make();
  await verifier.prefetch();
});

afterAll(async () => {
  verifier.close();
  await server.stop();
});

function make(options: Partial<AccessTokenVerifierOptions> = {}): AccessTokenVerifier {
  return new AccessTokenVerifier({
    issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri }],
    audience: AUDIENCE,
    clock: () => NOW * 1_000,
    ...options,
  });
}

function claims(changes: Json = {}): Json {
  return {
    iss: server.issuer,
    sub: 'storefront@clients',
    aud: AUDIENCE,
    iat: NOW - 10,
    exp: NOW + 3_600,
    azp: 'storefront',
    scope: 'read:orders write:orders',
    ...changes,
  };
}

async function refusal(token: string, on = verifier): Promise<AuthError> {
  const outcome: unknown = await on.verify(token).then(
    () => 'accepted',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AuthError);
  return outcome as AuthError;
}

const replaced = (token: string, index: number, part: (before: string) => string): string =>
  token
    .split('.')
    .map((before, at) => (at === index ? part(before) : before))
    .join('.');

describe('AccessTokenVerifier', () => {
  it('accepts a good token and says who is calling', async () => {
    const token = await verifier.verify(rsa.token(claims({ jti: 'one' })));
    expect(token).toMatchObject({
      clientId: 'storefront',
      subject: 'storefront@clients',
      issuer: server.issuer,
      audience: [AUDIENCE],
      expiresAt: NOW + 3_600,
      issuedAt: NOW - 10,
      tokenId: 'one',
      confirmation: undefined,
      header: { alg: 'RS256', kid: 'rsa', typ: 'JWT' },
    });
    expect([...token.scopes]).toEqual(['read:orders', 'write:orders']);
    expect(Object.isFrozen(token)).toBe(true);
  });

  describe('shape', () => {
    const cases: [what: string, token: (good: string) => string][] = [
      ['nothing', () => ''],
      ['one segment', (good) => good.split('.')[0] as string],
      ['two segments', (good) => good.split('.').slice(0, 2).join('.')],
      ['four segments', (good) => `${good}.AAAA`],
      ['five segments, as a JWE has', (good) => `${good}.AAAA.AAAA`],
      ['an empty header', (good) => replaced(good, 0, () => '')],
      ['an empty payload', (good) => replaced(good, 1, () => '')],
      ['an empty signature', (good) => replaced(good, 2, () => '')],
      ['only dots', () => '..'],
      ['padding', (good) => `${good}==`],
      ['padding inside', (good) => replaced(good, 1, (payload) => `${payload}=`)],
      ['a space before', (good) => ` ${good}`],
      ['a space after', (good) => `${good} `],
      ['a line break after', (good) => `${good}\n`],
      ['a NUL', (good) => `${good}\0`],
      ['the other base64 alphabet', (good) => replaced(good, 2, (signature) => `+/${signature.slice(2)}`)],
      ['letters beyond ASCII', (good) => replaced(good, 2, (signature) => `ſ${signature.slice(1)}`)],
      ['trailing bits in the signature', (good) => replaced(good, 2, withTrailingBits)],
      ['a lone last character', (good) => replaced(good, 2, (signature) => signature.slice(0, -1))],
      ['a header that is no JSON', (good) => replaced(good, 0, () => segment('{'))],
      ['a header that is a list', (good) => replaced(good, 0, () => segment('[]'))],
      ['a header that is null', (good) => replaced(good, 0, () => segment('null'))],
      ['a header that is not UTF-8', (good) => replaced(good, 0, () => segment(Buffer.from([0xff, 0xfe])))],
      [
        'a payload that is a string',
        () => rsa.tokenOf('{"alg":"RS256","kid":"rsa","typ":"JWT"}', '"claims"'),
      ],
      [
        'a payload in UTF-16',
        () => rsa.tokenOf('{"alg":"RS256","kid":"rsa","typ":"JWT"}', Buffer.from('{}', 'utf16le')),
      ],
      [
        'a header member twice',
        () => rsa.tokenOf('{"alg":"RS256","kid":"rsa","alg":"RS256","typ":"JWT"}', JSON.stringify(claims())),
      ],
      [
        'a claim twice',
        () =>
          rsa.tokenOf(
            '{"alg":"RS256","kid":"rsa","typ":"JWT"}',
            JSON.stringify(claims()).replace('{', '{"aud":"other",'),
          ),
      ],
      [
        'a claim twice, deep inside',
        () =>
          rsa.tokenOf(
            '{"alg":"RS256","kid":"rsa","typ":"JWT"}',
            JSON.stringify(claims()).replace('{', '{"act":{"sub":"a","sub":"b"},'),
          ),
      ],
      [
        'claims nested too deeply',
        () =>
          rsa.tokenOf('{"alg":"RS256","kid":"rsa","typ":"JWT"}', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`),
      ],
      [
        'too many claims',
        () =>
          rsa.token(
            claims(Object.fromEntries(Array.from({ length: 1_100 }, (_, index) => [`c${index}`, 0]))),
          ),
      ],
      ['more than 16 KiB', () => rsa.token(claims({ padding: 'x'.repeat(16_384) }))],
      ['a key id that is a number', () => rsa.token(claims(), { kid: 7 })],
      ['a key id that is empty', () => rsa.token(claims(), { kid: '' })],
      ['a key id that is null', () => rsa.token(claims(), { kid: null })],
      ['a key id without end', () => rsa.token(claims(), { kid: 'k'.repeat(257) })],
    ];

    it.each(cases)('refuses %s', async (_what, spoil) => {
      const good = rsa.token(claims());
      await expect(verifier.verify(good)).resolves.toMatchObject({ clientId: 'storefront' });
      expect(await refusal(spoil(good))).toMatchObject({
        code: 'token_malformed',
        status: 401,
        error: 'invalid_token',
      });
    });

    it('refuses what is no string', async () => {
      expect(await refusal(undefined as unknown as string)).toMatchObject({ code: 'token_malformed' });
      expect(verifier.recognise(undefined as unknown as string)).toBeUndefined();
    });

    it('accepts a token of nearly 16 KiB', async () => {
      await expect(
        verifier.verify(rsa.token(claims({ padding: 'x'.repeat(11_000) }))),
      ).resolves.toBeDefined();
    });

    function withTrailingBits(signature: string): string {
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const last = alphabet.indexOf(signature.at(-1) as string);
      const spelled = signature.slice(0, -1) + (alphabet[last + 1] as string);
      expect(Buffer.from(spelled, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
      return spelled;
    }
  });

  describe('header', () => {
    const cases: [what: string, header: Json, code: AuthErrorCode, claim: string][] = [
      ['no typ', { typ: undefined }, 'typ_not_allowed', 'typ'],
      ['the typ of a logout token', { typ: 'logout+jwt' }, 'typ_not_allowed', 'typ'],
      ['the typ of a DPoP proof', { typ: 'dpop+jwt' }, 'typ_not_allowed', 'typ'],
      ['the typ of an ID token', { typ: 'id_token+jwt' }, 'typ_not_allowed', 'typ'],
      ['the typ of a client assertion', { typ: 'client-authentication+jwt' }, 'typ_not_allowed', 'typ'],
      ['the typ of a security event', { typ: 'secevent+jwt' }, 'typ_not_allowed', 'typ'],
      ['an empty typ', { typ: '' }, 'typ_not_allowed', 'typ'],
      ['a typ that is a list', { typ: ['JWT'] }, 'typ_not_allowed', 'typ'],
      ['a typ with a space', { typ: 'JWT ' }, 'typ_not_allowed', 'typ'],
      ['a typ of another media tree', { typ: 'text/jwt' }, 'typ_not_allowed', 'typ'],
      ['an unknown critical extension', { crit: ['exp'] }, 'crit_unsupported', 'crit'],
      ['an empty list of critical extensions', { crit: [] }, 'crit_unsupported', 'crit'],
      ['crit that is null', { crit: null }, 'crit_unsupported', 'crit'],
      ['an unencoded payload', { b64: false, crit: ['b64'] }, 'crit_unsupported', 'crit'],
      ['an unencoded payload that is not critical', { b64: false }, 'crit_unsupported', 'b64'],
      ['b64 true', { b64: true }, 'crit_unsupported', 'b64'],
      ['alg none', { alg: 'none' }, 'alg_not_allowed', 'alg'],
      ['alg None', { alg: 'None' }, 'alg_not_allowed', 'alg'],
      ['no alg', { alg: undefined }, 'alg_not_allowed', 'alg'],
      ['alg HS256', { alg: 'HS256' }, 'alg_not_allowed', 'alg'],
      ['alg in lower case', { alg: 'rs256' }, 'alg_not_allowed', 'alg'],
      ['alg that is a list', { alg: ['RS256'] }, 'alg_not_allowed', 'alg'],
      ['alg from the prototype', { alg: 'constructor' }, 'alg_not_allowed', 'alg'],
      ['an algorithm that the issuer does not use', { alg: 'ES256' }, 'alg_not_allowed', 'alg'],
      ['an algorithm that the key is not for', { alg: 'PS256' }, 'alg_not_allowed', 'alg'],
    ];

    it.each(cases)('refuses %s', async (_what, header, code, claim) => {
      await expect(verifier.verify(rsa.token(claims()))).resolves.toBeDefined();
      expect(await refusal(rsa.token(claims(), header))).toMatchObject({ code, claim, status: 401 });
    });

    it.each([
      'JWT',
      'jwt',
      'application/jwt',
      'at+jwt',
      'AT+JWT',
      'application/at+jwt',
      'Application/AT+JWT',
    ])('accepts the typ %s', async (typ) => {
      await expect(verifier.verify(rsa.token(claims(), { typ }))).resolves.toBeDefined();
    });

    it('refuses a token signed with the public key as an HMAC secret', async () => {
      const input = `${segment('{"alg":"HS256","typ":"JWT","kid":"rsa"}')}.${segment(JSON.stringify(claims()))}`;
      for (const secret of [JSON.stringify(rsa.publicJwk), rsa.publicJwk.n as string]) {
        const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
        expect(await refusal(token)).toMatchObject({ code: 'alg_not_allowed' });
      }
    });
  });

  describe('key and signature', () => {
    it('refuses a key id that the issuer does not publish', async () => {
      expect(await refusal(rsa.token(claims(), { kid: 'other' }))).toMatchObject({
        code: 'key_unknown',
        claim: 'kid',
      });
    });

    it.each(['../../etc/passwd', "' OR 1=1 --", '__proto__', 'constructor', 'rsa\u0000', 'RSA', ' rsa'])(
      'takes the key id %j for a name and nothing more',
      async (kid) => {
        expect(await refusal(rsa.token(claims(), { kid }))).toMatchObject({ code: 'key_unknown' });
      },
    );

    it('refuses a signature of another key', async () => {
      expect(await refusal(stranger.token(claims()))).toMatchObject({ code: 'signature_invalid' });
    });

    it('never uses a key that the token brings along', async () => {
      const brought = { jwk: stranger.publicJwk, jku: server.jwksUri, x5u: server.jwksUri, x5c: ['AAAA'] };
      await expect(verifier.verify(rsa.token(claims(), brought))).resolves.toBeDefined();
      expect(await refusal(stranger.token(claims(), brought))).toMatchObject({ code: 'signature_invalid' });
    });

    it.each([
      ['the header', 0, (part: string) => segment(JSON.stringify({ ...decode(part), extra: 1 }))],
      ['the claims', 1, (part: string) => segment(JSON.stringify({ ...decode(part), scope: 'admin' }))],
      ['the signature', 2, (part: string) => segment(flipped(Buffer.from(part, 'base64url')))],
      [
        'the length of the signature',
        2,
        (part: string) => segment(Buffer.from(part, 'base64url').subarray(1)),
      ],
      [
        'the signature by zeros',
        2,
        (part: string) => segment(Buffer.alloc(Buffer.from(part, 'base64url').length)),
      ],
      ['the signature by one byte', 2, () => segment(Buffer.from([1]))],
    ] as const)('refuses a change of %s, also once the good token is known', async (_what, index, change) => {
      const good = rsa.token(claims());
      await verifier.verify(good);
      expect(verifier.recognise(good)).toBeDefined();
      const changed = replaced(good, index, change);
      expect(verifier.recognise(changed)).toBeUndefined();
      expect(await refusal(changed)).toMatchObject({ code: 'signature_invalid' });
    });

    it('refuses a signature taken from another good token', async () => {
      const one = rsa.token(claims({ jti: '1' }));
      const two = rsa.token(claims({ jti: '2' }));
      await Promise.all([verifier.verify(one), verifier.verify(two)]);
      expect(await refusal(replaced(one, 2, () => two.split('.')[2] as string))).toMatchObject({
        code: 'signature_invalid',
      });
    });

    const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json;
    const flipped = (bytes: Buffer) => {
      bytes[10] = (bytes[10] as number) ^ 1;
      return bytes;
    };
  });

  describe('claims', () => {
    const cases: [what: string, changes: () => Json, code: AuthErrorCode, claim: string | undefined][] = [
      ['no issuer', () => ({ iss: undefined }), 'claim_missing', 'iss'],
      ['another issuer', () => ({ iss: 'https://evil.example/' }), 'issuer_mismatch', 'iss'],
      ['the issuer without its slash', () => ({ iss: server.origin }), 'issuer_mismatch', 'iss'],
      ['the issuer with more behind it', () => ({ iss: `${server.issuer}evil` }), 'issuer_mismatch', 'iss'],
      ['the issuer in upper case', () => ({ iss: server.issuer.toUpperCase() }), 'issuer_mismatch', 'iss'],
      ['a list of issuers', () => ({ iss: [server.issuer] }), 'issuer_mismatch', 'iss'],
      ['no audience', () => ({ aud: undefined }), 'claim_missing', 'aud'],
      [
        'another audience',
        () => ({ aud: 'https://inventory.countersign.example' }),
        'audience_mismatch',
        'aud',
      ],
      ['the audience with a slash', () => ({ aud: `${AUDIENCE}/` }), 'audience_mismatch', 'aud'],
      ['the audience as a prefix', () => ({ aud: AUDIENCE.slice(0, -1) }), 'audience_mismatch', 'aud'],
      ['the audience in a longer string', () => ({ aud: `x ${AUDIENCE}` }), 'audience_mismatch', 'aud'],
      ['the audience in upper case', () => ({ aud: AUDIENCE.toUpperCase() }), 'audience_mismatch', 'aud'],
      ['an empty audience', () => ({ aud: '' }), 'claim_invalid', 'aud'],
      ['an empty list of audiences', () => ({ aud: [] }), 'claim_invalid', 'aud'],
      ['an audience that is null', () => ({ aud: null }), 'claim_invalid', 'aud'],
      ['an audience that is an object', () => ({ aud: { [AUDIENCE]: true } }), 'claim_invalid', 'aud'],
      ['a list of audiences with a number', () => ({ aud: [AUDIENCE, 1] }), 'claim_invalid', 'aud'],
      ['a nested list of audiences', () => ({ aud: [[AUDIENCE]] }), 'claim_invalid', 'aud'],
      ['no expiry', () => ({ exp: undefined }), 'claim_missing', 'exp'],
      ['an expiry that is a string', () => ({ exp: `${NOW + 60}` }), 'claim_invalid', 'exp'],
      ['an expiry that is null', () => ({ exp: null }), 'claim_invalid', 'exp'],
      ['an expiry that is true', () => ({ exp: true }), 'claim_invalid', 'exp'],
      ['a negative expiry', () => ({ exp: -1 }), 'claim_invalid', 'exp'],
      ['an expiry in milliseconds', () => ({ exp: (NOW + 60) * 1_000 }), 'claim_invalid', 'exp'],
      ['an expiry beyond the tolerance', () => ({ exp: NOW - 5 }), 'token_expired', 'exp'],
      ['an expiry of zero', () => ({ exp: 0 }), 'token_expired', 'exp'],
      ['a not-before beyond the tolerance', () => ({ nbf: NOW + 6 }), 'token_not_active', 'nbf'],
      ['a not-before that is a string', () => ({ nbf: '0' }), 'claim_invalid', 'nbf'],
      ['an issue time in the future', () => ({ iat: NOW + 6 }), 'token_not_active', 'iat'],
      ['an issue time that is a string', () => ({ iat: `${NOW}` }), 'claim_invalid', 'iat'],
      ['no issue time', () => ({ iat: undefined }), 'claim_missing', 'iat'],
      ['no subject', () => ({ sub: undefined }), 'claim_missing', 'sub'],
      ['an empty subject', () => ({ sub: '' }), 'claim_invalid', 'sub'],
      ['a subject that is a number', () => ({ sub: 7 }), 'claim_invalid', 'sub'],
      ['no client', () => ({ azp: undefined }), 'claim_missing', 'azp or client_id'],
      ['a client that is a list', () => ({ azp: ['storefront'] }), 'claim_invalid', 'azp'],
      ['an empty client', () => ({ azp: '' }), 'claim_invalid', 'azp'],
      ['two clients', () => ({ client_id: 'admin' }), 'claim_invalid', 'client_id'],
      ['a scope that is a number', () => ({ scope: 7 }), 'claim_invalid', 'scope'],
      ['a scope that is an object', () => ({ scope: { 'read:orders': true } }), 'claim_invalid', 'scope'],
      ['a scope that is null', () => ({ scope: null }), 'claim_invalid', 'scope'],
      ['permissions that are numbers', () => ({ permissions: [1] }), 'claim_invalid', 'permissions'],
      ['a token id that is a number', () => ({ jti: 7 }), 'claim_invalid', 'jti'],
      ['the nonce of an ID token', () => ({ nonce: 'n' }), 'typ_not_allowed', 'nonce'],
      ['the token hash of an ID token', () => ({ at_hash: 'h' }), 'typ_not_allowed', 'at_hash'],
      ['the code hash of an ID token', () => ({ c_hash: 'h' }), 'typ_not_allowed', 'c_hash'],
      ['the events of a logout token', () => ({ events: {} }), 'typ_not_allowed', 'events'],
      ['the target of a DPoP proof', () => ({ htu: 'https://a.example' }), 'typ_not_allowed', 'htu'],
      ['a binding to a DPoP key', () => ({ cnf: { jkt: 'A'.repeat(43) } }), 'sender_mismatch', 'cnf'],
      [
        'a binding to a certificate',
        () => ({ cnf: { 'x5t#S256': 'A'.repeat(43) } }),
        'sender_mismatch',
        'cnf',
      ],
      ['a binding of an unknown kind', () => ({ cnf: { jwk: {} } }), 'sender_mismatch', 'cnf'],
      ['an empty binding', () => ({ cnf: {} }), 'claim_invalid', 'cnf'],
      ['a binding that is null', () => ({ cnf: null }), 'claim_invalid', 'cnf'],
      ['a binding to half a thumbprint', () => ({ cnf: { jkt: 'A'.repeat(21) } }), 'claim_invalid', 'cnf'],
    ];

    it.each(cases)('refuses %s', async (_what, changes, code, claim) => {
      await expect(verifier.verify(rsa.token(claims()))).resolves.toBeDefined();
      const error = await refusal(rsa.token(claims(changes())));
      expect(error).toMatchObject({ code, claim, status: 401, error: 'invalid_token' });
    });

    it('refuses an expiry that overflows to infinity', async () => {
      const text = JSON.stringify(claims({ exp: 12345 })).replace('12345', '1e999');
      expect(await refusal(rsa.tokenOf('{"alg":"RS256","kid":"rsa","typ":"JWT"}', text))).toMatchObject({
        code: 'claim_invalid',
        claim: 'exp',
      });
    });

    const good: [what: string, changes: () => Json][] = [
      ['an expiry within the tolerance', () => ({ exp: NOW - 4 })],
      ['an expiry with a fraction', () => ({ exp: NOW + 0.5 })],
      ['an issue time within the tolerance', () => ({ iat: NOW + 5 })],
      ['a not-before within the tolerance', () => ({ nbf: NOW + 5 })],
      ['a list of audiences', () => ({ aud: ['https://other.example', AUDIENCE] })],
      ['two claims for one client', () => ({ client_id: 'storefront' })],
      ['no scope at all', () => ({ scope: undefined })],
      ['an empty scope', () => ({ scope: '' })],
    ];

    it.each(good)('accepts %s', async (_what, changes) => {
      await expect(verifier.verify(rsa.token(claims(changes())))).resolves.toBeDefined();
    });

    it('puts no value of a token into an error', async () => {
      const secret = 'very-secret-value';
      for (const changes of [
        { aud: secret },
        { iss: secret },
        { sub: [secret] },
        { scope: { secret } },
        { azp: secret, client_id: 'b' },
      ]) {
        const token = rsa.token(claims(changes));
        const error = await refusal(token);
        const text = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
        expect(text).not.toContain(secret);
        expect(text).not.toContain(token.split('.')[2]);
      }
    });
  });

  describe('order of checks', () => {
    it.each([
      ['typ before alg', { typ: 'x', alg: 'none' }, {}, 'typ_not_allowed'],
      ['crit before alg', { crit: ['x'], alg: 'none' }, {}, 'crit_unsupported'],
      ['alg before key', { alg: 'none', kid: 'other' }, {}, 'alg_not_allowed'],
      ['key before claims', { kid: 'other' }, { exp: 0, aud: 'x' }, 'key_unknown'],
      ['issuer before audience', {}, { iss: 'https://x.example/', aud: 'x' }, 'issuer_mismatch'],
      ['audience before expiry', {}, { aud: 'x', exp: 0 }, 'audience_mismatch'],
      ['expiry before required claims', {}, { exp: 0, sub: undefined }, 'token_expired'],
      [
        'required claims before the sender',
        {},
        { sub: undefined, cnf: { jkt: 'A'.repeat(43) } },
        'claim_missing',
      ],
    ] as [string, Json, Json, AuthErrorCode][])('checks %s', async (_what, header, changes, code) => {
      expect(await refusal(rsa.token(claims(changes), header))).toMatchObject({ code });
    });

    it('checks the signature before any claim', async () => {
      expect(await refusal(stranger.token(claims({ iss: 'x', aud: 'x', exp: 0 })))).toMatchObject({
        code: 'signature_invalid',
      });
    });
  });
});
