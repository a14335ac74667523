import { AuthError } from '../errors/auth-error.js';
import type { ProtectedRequirement } from '../requirement/route-requirement.js';
import type { Caller } from '../verifier/caller.js';

/**
 * What a caller lacks for a route: scopes of `@RequireScopes()` and `@RequireAnyScope()`, or being one of the clients
 * of `@CallerIs()`.
 *
 * @returns `scope_missing` with the scopes that would be enough (RFC 6750 §3.1); `undefined` where nothing is missing
 */
export function unmetRequirement(requirement: ProtectedRequirement, caller: Caller): AuthError | undefined {
  const missing = missingScopes(requirement, caller);
  if (missing.length > 0) {
    const scopes = sufficientScopes(requirement, caller);
    return new AuthError('scope_missing', `The access token lacks the scope ${missing.join(' ')}.`, {
      scopes,
    });
  }
  for (const clients of requirement.callers) {
    if (clients.includes(caller.clientId)) continue;
    return new AuthError('scope_missing', 'This client may not call this route, whatever its scopes.');
  }
  return undefined;
}

function missingScopes({ allOf, anyOf }: ProtectedRequirement, { scopes }: Caller): readonly string[] {
  let missing: string[] | undefined;
  for (const scope of allOf) if (!scopes.has(scope)) (missing ??= []).push(scope);
  for (const group of anyOf)
    if (!group.some((scope) => scopes.has(scope))) (missing ??= []).push(group[0] as string);
  return missing ?? NONE;
}

/** The smallest set of scopes with which this caller would have been let in. */
function sufficientScopes({ allOf, anyOf }: ProtectedRequirement, { scopes }: Caller): readonly string[] {
  const chosen = anyOf.map((group) => group.find((scope) => scopes.has(scope)) ?? (group[0] as string));
  return [...new Set([...allOf, ...chosen])];
}

const NONE: readonly string[] = [];
