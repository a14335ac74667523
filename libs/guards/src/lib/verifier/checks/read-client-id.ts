import type { Claims, Dialect } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';
import { readText } from './read-text.js';

/**
 * The client that the token was issued to, from the claims that the dialect names. Where several are there they must
 * agree: a token that names two clients is refused.
 *
 * @throws AuthError `claim_missing`, `claim_invalid`
 */
export function readClientId(claims: Claims, dialect: Dialect): string {
  let clientId: string | undefined;
  for (const claim of dialect.clientIdClaims) {
    const value = readText(claims, claim);
    if (value === undefined) continue;
    if (clientId !== undefined && clientId !== value)
      throw new AuthError('claim_invalid', undefined, { claim });
    clientId = value;
  }
  if (clientId === undefined) {
    throw new AuthError('claim_missing', undefined, { claim: dialect.clientIdClaims.join(' or ') });
  }
  return clientId;
}
