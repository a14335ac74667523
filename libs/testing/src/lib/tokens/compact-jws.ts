import { constants, createHmac, sign, type KeyObject } from 'node:crypto';
import { type SigningAlgorithm } from '../keys/signing-key.js';

/** Base64url without padding (RFC 7515, section 2). */
export function base64url(content: string | Buffer): string {
  return Buffer.from(content).toString('base64url');
}

/**
 * The signature over a signing input (RFC 7515, section 5.1). It signs whatever it is given: what a well-behaved
 * library refuses to sign is what an attack test needs.
 */
export function signInput(input: string, alg: SigningAlgorithm, key: KeyObject): Buffer {
  const data = Buffer.from(input);
  if (alg === 'EdDSA') return sign(null, data, key);
  const digest = `sha${alg.slice(2)}`;
  if (alg.startsWith('ES')) return sign(digest, data, { key, dsaEncoding: 'ieee-p1363' });
  if (alg.startsWith('PS'))
    return sign(digest, data, {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    });
  return sign(digest, data, key);
}

/** An HMAC over a signing input, for the algorithm-confusion attacks (RFC 8725, section 2.1). */
export function hmacInput(input: string, bits: 256 | 384 | 512, secret: string | Buffer): Buffer {
  return createHmac(`sha${bits}`, secret).update(input).digest();
}

/**
 * A compact JWS of the exact texts given: no parsing, no reordering, no check.
 *
 * @param header the JSON text of the protected header
 * @param payload the JSON text of the payload
 * @param alg the algorithm to sign with, whatever the header says
 * @param key the private key
 */
export function compactJws(header: string, payload: string, alg: SigningAlgorithm, key: KeyObject): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${signInput(input, alg, key).toString('base64url')}`;
}
