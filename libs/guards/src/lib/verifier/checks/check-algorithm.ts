import { AuthError } from '../../errors/auth-error.js';
import type { SignatureAlgorithm } from '../../keys/algorithms.js';
import type { JsonObject } from '../json/strict-json.js';

/**
 * The `alg` header must be on the issuer's list (RFC 8725 §3.1). `none` and the HMAC family are on no list.
 *
 * @throws AuthError `alg_not_allowed`
 */
export function checkAlgorithm(
  header: JsonObject,
  allowed: ReadonlySet<SignatureAlgorithm>,
): SignatureAlgorithm {
  const alg = header['alg'] as SignatureAlgorithm;
  if (!allowed.has(alg)) throw new AuthError('alg_not_allowed', undefined, { claim: 'alg' });
  return alg;
}
