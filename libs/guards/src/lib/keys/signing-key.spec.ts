import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Json, Signer } from '../../../test/support/core/signer.js';
import { signingKey } from './signing-key.js';

const rsa = Signer.create('RS256', 'rsa');
const ec = Signer.create('ES256', 'ec');
const ed = Signer.create('EdDSA', 'ed');
const ed448 = generateKeyPairSync('ed448').publicKey.export({ format: 'jwk' });
const x25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' });

describe('signingKey', () => {
  it.each([
    ['an RSA key, for both paddings', rsa.publicJwk, ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
    ['an RSA key for one algorithm', { ...rsa.publicJwk, alg: 'PS384' }, ['PS384']],
    ['a P-256 key', ec.publicJwk, ['ES256']],
    ['a P-384 key', Signer.create('ES384', 'k').publicJwk, ['ES384']],
    ['a P-521 key', Signer.create('ES512', 'k').publicJwk, ['ES512']],
    ['an Ed25519 key', ed.publicJwk, ['EdDSA']],
    ['an Ed448 key', ed448, ['EdDSA']],
    ['a key for signatures', { ...ec.publicJwk, use: 'sig' }, ['ES256']],
    ['a key whose operations include verification', { ...ec.publicJwk, key_ops: ['verify'] }, ['ES256']],
    [
      'a key with a certificate, which is not looked at',
      { ...ec.publicJwk, x5c: ['AAAA'], x5t: 'x' },
      ['ES256'],
    ],
  ] as [string, Json, string[]][])('takes %s', (_what, jwk, algorithms) => {
    expect(signingKey(jwk)).toMatchObject({ algorithms, trustedUntil: 0 });
  });

  it.each([
    ['null', null],
    ['a string', 'key'],
    ['a list', [rsa.publicJwk]],
    ['no type', { ...rsa.publicJwk, kty: undefined }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'HS256' }],
    ['a key of an unknown type', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }],
    ['a key for encryption', { ...rsa.publicJwk, use: 'enc' }],
    ['a key with a use of its own', { ...rsa.publicJwk, use: ['sig'] }],
    ['a key for signing only', { ...rsa.publicJwk, key_ops: ['sign'] }],
    ['a key without operations', { ...rsa.publicJwk, key_ops: [] }],
    ['a key whose operations are no list', { ...rsa.publicJwk, key_ops: 'verify' }],
    ['an RSA key for an algorithm of another kind', { ...rsa.publicJwk, alg: 'ES256' }],
    ['an RSA key for HMAC', { ...rsa.publicJwk, alg: 'HS256' }],
    ['an RSA key for encryption by its alg', { ...rsa.publicJwk, alg: 'RSA-OAEP' }],
    ['a P-256 key for ES384', { ...ec.publicJwk, alg: 'ES384' }],
    ['an RSA key of 1,024 bits', Signer.create('RS256', 'small', 1024).publicJwk],
    ['an RSA key of 2,047 bits', Signer.create('RS256', 'small', 2047).publicJwk],
    ['an RSA key with the exponent 1', { ...rsa.publicJwk, e: 'AQ' }],
    ['an RSA key with an exponent beyond 64 bits', { ...rsa.publicJwk, e: `AQ${'A'.repeat(9)}B` }],
    ['an RSA key with an even exponent', { ...rsa.publicJwk, e: 'Ag' }],
    ['an RSA key without modulus', { ...rsa.publicJwk, n: undefined }],
    ['an EC key that is on no curve', { ...ec.publicJwk, x: ec.publicJwk.y, y: ec.publicJwk.x }],
    ['a key of an unknown curve', { ...ec.publicJwk, crv: 'P-192' }],
    ['a key of a curve from the prototype', { ...ec.publicJwk, crv: 'constructor' }],
    ['a secp256k1 key', secp256k1],
    ['a key for key agreement', x25519],
    ['an Ed25519 curve in an EC key', { ...ed.publicJwk, kty: 'EC' }],
    ['an RSA key published with its private part', rsa.privateJwk],
    ['an EC key published with its private part', ec.privateJwk],
    ['an Ed25519 key published with its private part', ed.privateJwk],
    ['a kid that is a number', { ...rsa.publicJwk, kid: 7 }],
    ['a kid that is empty', { ...rsa.publicJwk, kid: '' }],
    ['a kid without end', { ...rsa.publicJwk, kid: 'k'.repeat(257) }],
  ] as [string, unknown][])('passes over %s', (_what, jwk) => {
    expect(signingKey(rsa.publicJwk)).toBeDefined();
    expect(signingKey(jwk)).toBeUndefined();
  });

  it('tells keys apart by what they are, not by their kid', () => {
    const other = Signer.create('ES256', 'ec');
    expect(signingKey(ec.publicJwk)?.fingerprint).toBe(
      signingKey({ ...ec.publicJwk, use: 'sig' })?.fingerprint,
    );
    expect(signingKey(ec.publicJwk)?.fingerprint).not.toBe(signingKey(other.publicJwk)?.fingerprint);
    expect(signingKey(rsa.publicJwk)?.fingerprint).not.toBe(
      signingKey({ ...rsa.publicJwk, alg: 'RS256' })?.fingerprint,
    );
  });
});
