import type { Claims, Dialect } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';

/**
 * The audiences of a token: the `aud` claim as one string or a list of strings (RFC 7519 §4.1.3), or what the
 * dialect reads where its server sends none.
 *
 * @throws AuthError `claim_missing`, `claim_invalid`
 */
export function readAudience(claims: Claims, dialect: Dialect): readonly string[] {
  const { aud } = claims;
  if (typeof aud === 'string' && aud !== '') return [aud];
  if (Array.isArray(aud) && aud.length > 0 && aud.every(isName)) return aud;
  if (aud !== undefined) throw new AuthError('claim_invalid', undefined, { claim: 'aud' });
  if (!dialect.audienceWithoutClaim) throw new AuthError('claim_missing', undefined, { claim: 'aud' });
  return dialect.audienceWithoutClaim(claims);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
