import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';

/** The last second of the year 9999; a larger number is milliseconds, a mistake or an attack. */
const LAST = 253_402_300_799;

/**
 * A claim that holds a NumericDate (RFC 7519 §2): seconds since the epoch, finite, not negative, before the year
 * 10000.
 *
 * @throws AuthError `claim_invalid`
 */
export function readNumericDate(claims: Claims, claim: string): number | undefined {
  const value = claims[claim];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= LAST) return value;
  throw new AuthError('claim_invalid', undefined, { claim });
}
