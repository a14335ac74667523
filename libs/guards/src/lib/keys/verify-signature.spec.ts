import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Signer } from '../../../test/support/core/signer.js';
import { signatureAlgorithms } from './algorithms.js';
import { verifySignature } from './verify-signature.js';

describe('verifySignature', () => {
  it.each(signatureAlgorithms)('verifies %s, and nothing that was changed', (alg) => {
    const signer = Signer.create(alg, 'k');
    const key = createPublicKey({ key: signer.publicJwk, format: 'jwk' });
    const input = Buffer.from('header.payload');
    const signature = Buffer.from(signer.signature('header.payload'), 'base64url');
    expect(verifySignature(alg, key, input, signature)).toBe(true);
    expect(verifySignature(alg, key, Buffer.from('header.Payload'), signature)).toBe(false);
    expect(verifySignature(alg, key, input, signature.subarray(1))).toBe(false);
    expect(verifySignature(alg, key, input, Buffer.concat([signature, Buffer.from([0])]))).toBe(false);
    expect(verifySignature(alg, key, input, Buffer.alloc(signature.length))).toBe(false);
    expect(verifySignature(alg, key, input, Buffer.alloc(0))).toBe(false);
  });

  it('does not take a DER signature for ES256', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const input = Buffer.from('header.payload');
    expect(verifySignature('ES256', publicKey, input, sign('sha256', input, privateKey))).toBe(false);
    const p1363 = sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    expect(verifySignature('ES256', publicKey, input, p1363)).toBe(true);
  });

  it('does not take one RSA padding for the other', () => {
    const signer = Signer.create('RS256', 'k');
    const key = createPublicKey({ key: signer.publicJwk, format: 'jwk' });
    const signature = Buffer.from(signer.signature('a.b'), 'base64url');
    expect(verifySignature('RS256', key, Buffer.from('a.b'), signature)).toBe(true);
    expect(verifySignature('PS256', key, Buffer.from('a.b'), signature)).toBe(false);
    expect(verifySignature('RS512', key, Buffer.from('a.b'), signature)).toBe(false);
  });
});
