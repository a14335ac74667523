import type { Claims } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';
import type { Confirmation } from '../verified-token.js';

/** A SHA-256 digest in base64url. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/**
 * The `cnf` claim (RFC 7800 §3.1): a DPoP key (`jkt`), a client certificate (`x5t#S256`), or both. A confirmation of
 * another kind cannot be checked, so its token is refused.
 *
 * @throws AuthError `claim_invalid`, `sender_mismatch`
 */
export function readConfirmation(claims: Claims): Confirmation | undefined {
  const { cnf } = claims;
  if (cnf === undefined) return undefined;
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf)) {
    throw new AuthError('claim_invalid', undefined, { claim: 'cnf' });
  }
  const members = Object.entries(cnf);
  if (members.length === 0) throw new AuthError('claim_invalid', undefined, { claim: 'cnf' });
  const confirmation: { jkt?: string; x5t?: string } = {};
  for (const [name, value] of members) {
    if (name !== 'jkt' && name !== 'x5t#S256') {
      throw new AuthError('sender_mismatch', 'The access token is bound in a way that is not supported.', {
        claim: 'cnf',
        reason: 'confirmation_unsupported',
      });
    }
    if (typeof value !== 'string' || !THUMBPRINT.test(value)) {
      throw new AuthError('claim_invalid', undefined, { claim: 'cnf' });
    }
    confirmation[name === 'jkt' ? 'jkt' : 'x5t'] = value;
  }
  return confirmation;
}
