import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';

const MAX_LENGTH = 1_024;

/**
 * A claim that names something: a string that is neither empty nor longer than 1,024 characters.
 *
 * @throws AuthError `claim_invalid`
 */
export function readText(claims: Claims, claim: string): string | undefined {
  const value = claims[claim];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH) return value;
  throw new AuthError('claim_invalid', undefined, { claim });
}
