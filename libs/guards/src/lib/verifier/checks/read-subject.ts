import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';
import { readText } from './read-text.js';

/**
 * The `sub` claim (RFC 9068 §2.2).
 *
 * @throws AuthError `claim_missing`, `claim_invalid`
 */
export function readSubject(claims: Claims): string {
  const subject = readText(claims, 'sub');
  if (subject === undefined) throw new AuthError('claim_missing', undefined, { claim: 'sub' });
  return subject;
}
