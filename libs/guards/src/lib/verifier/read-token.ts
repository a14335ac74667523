import { readClientId } from './checks/read-client-id.js';
import { readConfirmation } from './checks/read-confirmation.js';
import { readScopes } from './checks/read-scopes.js';
import { readSubject } from './checks/read-subject.js';
import { readText } from './checks/read-text.js';
import type { CompactJws } from './compact.js';
import type { IssuerPolicy } from './policy.js';
import type { TokenHeader, VerifiedToken } from './verified-token.js';

/** What the checks have read already. */
type Checked = Pick<VerifiedToken, 'audience' | 'expiresAt' | 'issuedAt'>;

/**
 * Reads a token whose signature, issuer, audience and times have been checked into the form that handlers see.
 *
 * @param audiences the audiences of the verifier, for servers that qualify scopes with them
 * @throws AuthError `claim_missing`, `claim_invalid`, `sender_mismatch`
 */
export function readToken(
  { header, claims }: CompactJws,
  { issuer, dialect }: IssuerPolicy,
  checked: Checked,
  audiences: readonly string[],
): VerifiedToken {
  return Object.freeze({
    clientId: readClientId(claims, dialect),
    subject: readSubject(claims),
    issuer,
    scopes: readScopes(claims, dialect, audiences),
    audience: checked.audience,
    expiresAt: checked.expiresAt,
    issuedAt: checked.issuedAt,
    tokenId: readText(claims, 'jti'),
    confirmation: readConfirmation(claims),
    header: header as unknown as TokenHeader,
    claims,
  });
}
