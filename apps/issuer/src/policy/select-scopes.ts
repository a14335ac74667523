import { scopeNotGranted } from './token-refusal.js';

/**
 * The scopes of a token: those that were asked for, or all that are granted where none were.
 *
 * @param requested in the order of the request; `undefined` where the request names none
 * @param granted in the order of the grant
 * @throws {@link TokenRefusal} `scope_not_granted`
 */
export function selectScopes(
  requested: readonly string[] | undefined,
  granted: readonly string[],
): readonly string[] {
  if (!requested) return granted;
  const beyond = requested.filter((scope) => !granted.includes(scope));
  if (beyond.length > 0) throw scopeNotGranted(beyond);
  return [...new Set(requested)];
}
