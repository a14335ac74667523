import type { Claims, Dialect } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';

/**
 * The scopes of a token, from the claims that the dialect names: a space-separated string (RFC 8693 §4.2) or a list
 * of strings. A claim of another shape is refused, not read as no scopes.
 *
 * @param audiences the audiences of the verifier, for servers that qualify scopes with them
 * @throws AuthError `claim_invalid`
 */
export function readScopes(
  claims: Claims,
  dialect: Dialect,
  audiences: readonly string[],
): ReadonlySet<string> {
  const scopes: string[] = [];
  for (const claim of dialect.scopeClaims) {
    const value = claims[claim];
    if (value !== undefined) scopes.push(...scopeList(value, claim));
  }
  return new Set(dialect.localScopes?.(scopes, audiences) ?? scopes);
}

function scopeList(value: unknown, claim: string): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((scope) => scope !== '');
  if (Array.isArray(value) && value.every((scope) => typeof scope === 'string' && scope !== '')) {
    return value as string[];
  }
  throw new AuthError('claim_invalid', undefined, { claim });
}
