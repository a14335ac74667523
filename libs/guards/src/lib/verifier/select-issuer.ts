import type { Claims } from '../dialects/dialect.js';
import { AuthError } from '../errors/auth-error.js';
import type { IssuerPolicy } from './policy.js';

/**
 * The policy that a token is held against. With several issuers the token's `iss` selects among them and nothing
 * else; with one there is nothing to select. Either way it is checked once the signature has verified.
 *
 * @throws AuthError `claim_missing`, `issuer_mismatch`
 */
export function selectIssuer(claims: Claims, issuers: ReadonlyMap<string, IssuerPolicy>): IssuerPolicy {
  const { iss } = claims;
  const policy = issuers.size === 1 ? first(issuers) : issuers.get(iss as string);
  if (policy) return policy;
  if (iss === undefined) throw new AuthError('claim_missing', undefined, { claim: 'iss' });
  throw new AuthError('issuer_mismatch', undefined, { claim: 'iss' });
}

function first(issuers: ReadonlyMap<string, IssuerPolicy>): IssuerPolicy | undefined {
  for (const policy of issuers.values()) return policy;
  return undefined;
}
