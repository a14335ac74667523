import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';

/** Claims that an access token never has, and what a token that has one is. */
const FOREIGN = [
  ['nonce', 'id_token'],
  ['at_hash', 'id_token'],
  ['c_hash', 'id_token'],
  ['s_hash', 'id_token'],
  ['events', 'logout_token'],
  ['htm', 'dpop_proof'],
  ['htu', 'dpop_proof'],
] as const;

/**
 * Refuses other tokens of the same issuer that a server types like its access tokens: ID tokens (OpenID Connect Core
 * §2), logout tokens (Back-Channel Logout §2.4) and DPoP proofs (RFC 9449 §4.2).
 *
 * @throws AuthError `typ_not_allowed`
 */
export function checkKind(claims: Claims): void {
  for (const [claim, reason] of FOREIGN) {
    if (claims[claim] !== undefined) throw new AuthError('typ_not_allowed', undefined, { claim, reason });
  }
}
