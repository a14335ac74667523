import type { Claims, Dialect } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';

/**
 * Every claim that the dialect and the issuer's options require must be there and hold something, and those with a
 * fixed value must have it.
 *
 * @throws AuthError `claim_missing`, `claim_invalid`
 */
export function checkRequiredClaims(claims: Claims, dialect: Dialect, required: readonly string[]): void {
  for (const claim of required) {
    const value = claims[claim];
    if (value === undefined || value === null || value === '') {
      throw new AuthError('claim_missing', undefined, { claim });
    }
  }
  for (const claim in dialect.fixedClaims) {
    checkFixed(claims, claim, dialect.fixedClaims[claim] as string | readonly string[]);
  }
}

function checkFixed(claims: Claims, claim: string, expected: string | readonly string[]): void {
  const value = claims[claim];
  if (value === undefined) throw new AuthError('claim_missing', undefined, { claim });
  if (
    typeof value !== 'string' ||
    !(typeof expected === 'string' ? expected === value : expected.includes(value))
  ) {
    throw new AuthError('claim_invalid', undefined, { claim });
  }
}
