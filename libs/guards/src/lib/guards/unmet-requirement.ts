import { AuthError } from '../errors/auth-error.js';
import { isOneOf } from '../requirement/caller-group.js';
import type { ProtectedRequirement } from '../requirement/route-requirement.js';
import type { Caller } from '../verifier/caller.js';

/**
 * What a caller lacks for a route: scopes, or being one of its clients.
 *
 * @returns `scope_missing`; `undefined` where nothing is missing
 */
export function unmetRequirement(requirement: ProtectedRequirement, caller: Caller): AuthError | undefined {
  return unmetScopes(requirement, caller) ?? unmetCallers(requirement, caller);
}

/**
 * The scopes of `@RequireScopes()` and `@RequireAnyScope()` that a caller lacks.
 *
 * @returns `scope_missing` with the scopes that would be enough (RFC 6750 §3.1); `undefined` where none is missing
 */
export function unmetScopes(requirement: ProtectedRequirement, caller: Caller): AuthError | undefined {
  const missing = missingScopes(requirement, caller);
  if (missing.length === 0) return undefined;
  const scopes = sufficientScopes(requirement, caller);
  return new AuthError('scope_missing', `The access token lacks the scope ${missing.join(' ')}.`, { scopes });
}

/**
 * Whether a caller is none of the clients of `@CallerIs()`.
 *
 * @returns `scope_missing` with the reason `caller`; `undefined` where it is one of them
 */
export function unmetCallers({ callers }: ProtectedRequirement, caller: Caller): AuthError | undefined {
  for (const group of callers) if (!isOneOf(group, caller)) return notAllowed();
  return undefined;
}

function notAllowed(): AuthError {
  const message = 'This client may not call this route, whatever its scopes.';
  return new AuthError('scope_missing', message, { reason: 'caller' });
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
