import { AuthError } from '../../errors/auth-error.js';
import type { Denylist } from '../denylist.js';
import type { VerifiedToken } from '../verified-token.js';

/**
 * A token that was withdrawn is refused although it verifies.
 *
 * @throws AuthError `token_not_active` with the reason `denied`
 */
export function checkDenylist(token: VerifiedToken, denylist: Denylist | undefined): void {
  if (denylist?.denies(token)) {
    throw new AuthError('token_not_active', 'The access token was withdrawn.', { reason: 'denied' });
  }
}
