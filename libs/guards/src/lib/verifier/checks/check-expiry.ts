import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';
import { readNumericDate } from './read-numeric-date.js';

/**
 * A token must say when it expires, and that must not be now or in the past (RFC 9068 §2.2, RFC 7519 §4.1.4).
 *
 * @param now seconds since the epoch
 * @param tolerance seconds
 * @returns the `exp` claim
 * @throws AuthError `claim_missing`, `claim_invalid`, `token_expired`
 */
export function checkExpiry(claims: Claims, now: number, tolerance: number): number {
  const exp = readNumericDate(claims, 'exp');
  if (exp === undefined) throw new AuthError('claim_missing', undefined, { claim: 'exp' });
  if (now >= exp + tolerance) throw new AuthError('token_expired', undefined, { claim: 'exp' });
  return exp;
}
