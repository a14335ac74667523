import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';

/**
 * The `iss` claim must be the issuer whose keys verified the token, character by character (RFC 9207 §2.4, RFC 8725
 * §3.8).
 *
 * @throws AuthError `claim_missing`, `issuer_mismatch`
 */
export function checkIssuer(claims: Claims, issuer: string): void {
  const { iss } = claims;
  if (iss === undefined) throw new AuthError('claim_missing', undefined, { claim: 'iss' });
  if (iss !== issuer) throw new AuthError('issuer_mismatch', undefined, { claim: 'iss' });
}
