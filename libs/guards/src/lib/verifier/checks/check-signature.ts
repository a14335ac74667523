import { AuthError } from '../../errors/auth-error.js';
import type { SignatureAlgorithm } from '../../keys/algorithms.js';
import type { SigningKey } from '../../keys/signing-key.js';
import { verifySignature } from '../../keys/verify-signature.js';
import type { CompactJws } from '../compact.js';

/**
 * The signature must verify with one of the keys that fit the header: more than one only where the issuer
 * publishes two keys under one `kid` (RFC 7517 §4.5).
 *
 * @returns the key that it verified with
 * @throws AuthError `signature_invalid`
 */
export function checkSignature(
  jws: CompactJws,
  alg: SignatureAlgorithm,
  keys: readonly SigningKey[],
): SigningKey {
  for (const key of keys) {
    if (verifySignature(alg, key.publicKey, jws.signingInput, jws.signature)) return key;
  }
  throw new AuthError('signature_invalid');
}
