import { AuthError } from '../../errors/auth-error.js';

/**
 * The token must name one of the expected audiences, character by character (RFC 9068 §4, RFC 8725 §3.9). An empty
 * list of expected audiences accepts nothing.
 *
 * @throws AuthError `audience_mismatch`
 */
export function checkAudience(audience: readonly string[], expected: readonly string[]): void {
  if (!hasAudience(audience, expected)) throw new AuthError('audience_mismatch', undefined, { claim: 'aud' });
}

/** True when the token names one of the expected audiences. */
export function hasAudience(audience: readonly string[], expected: readonly string[]): boolean {
  for (const name of audience) if (expected.includes(name)) return true;
  return false;
}
