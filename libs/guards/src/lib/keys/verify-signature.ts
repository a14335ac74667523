import { constants, type KeyObject, verify } from 'node:crypto';
import type { SignatureAlgorithm } from './algorithms.js';

const hashes: Readonly<Record<SignatureAlgorithm, string | undefined>> = {
  RS256: 'sha256',
  RS384: 'sha384',
  RS512: 'sha512',
  PS256: 'sha256',
  PS384: 'sha384',
  PS512: 'sha512',
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
  EdDSA: undefined,
};

/**
 * Verifies a JWS signature (RFC 7518 §3, RFC 8037 §3.1). The key must have been found to fit the algorithm before.
 *
 * @returns false for a signature of any wrong kind; it does not throw
 */
export function verifySignature(
  alg: SignatureAlgorithm,
  key: KeyObject,
  input: Buffer,
  signature: Buffer,
): boolean {
  try {
    return verify(hashes[alg], input, verifyInput(alg, key), signature);
  } catch {
    return false;
  }
}

function verifyInput(alg: SignatureAlgorithm, key: KeyObject): Parameters<typeof verify>[2] {
  switch (alg[0]) {
    case 'P':
      return {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      };
    case 'E':
      return alg === 'EdDSA' ? key : { key, dsaEncoding: 'ieee-p1363' };
    default:
      return key;
  }
}
