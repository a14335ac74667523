import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';
import { readNumericDate } from './read-numeric-date.js';

/**
 * A token cannot come from the future (RFC 7519 §4.1.6).
 *
 * @param now seconds since the epoch
 * @param tolerance seconds
 * @returns the `iat` claim, where there is one
 * @throws AuthError `claim_invalid`, `token_not_active`
 */
export function checkIssuedAt(claims: Claims, now: number, tolerance: number): number | undefined {
  const iat = readNumericDate(claims, 'iat');
  if (iat !== undefined && iat > now + tolerance) {
    throw new AuthError(
      'token_not_active',
      'The access token was issued in the future: compare the clocks.',
      {
        claim: 'iat',
      },
    );
  }
  return iat;
}
