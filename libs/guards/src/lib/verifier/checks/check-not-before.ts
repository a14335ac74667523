import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';
import { readNumericDate } from './read-numeric-date.js';

/**
 * A token with `nbf` is not accepted before that time (RFC 7519 §4.1.5).
 *
 * @param now seconds since the epoch
 * @param tolerance seconds
 * @throws AuthError `claim_invalid`, `token_not_active`
 */
export function checkNotBefore(claims: Claims, now: number, tolerance: number): void {
  const nbf = readNumericDate(claims, 'nbf');
  if (nbf !== undefined && nbf > now + tolerance) {
    throw new AuthError('token_not_active', undefined, { claim: 'nbf' });
  }
}
