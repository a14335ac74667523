/**
 * The rules that can be tried out before they are enforced:
 *
 * - `scope`: `@RequireScopes()` and `@RequireAnyScope()`
 * - `caller`: `@CallerIs()`
 * - `audience`: `@RequireAudience()`. A token must be meant for this service all the same
 * - `sender`: that a token is bound to its sender at all. One that is bound is held to it all the same
 * - `token`: that there is a valid token. A call without one then has no caller: `@Caller()` is `undefined`, and so is
 *   `request.user`; it is never taken for an authenticated one
 */
export const reportOnlyRules = ['scope', 'caller', 'audience', 'sender', 'token'] as const;

/** One of {@link reportOnlyRules}. */
export type ReportOnlyRule = (typeof reportOnlyRules)[number];

/** Every rule that still leaves each call with an authenticated caller. */
export const rulesWithCaller: readonly ReportOnlyRule[] = reportOnlyRules.filter((rule) => rule !== 'token');

/** True for the name of a rule. It may come from untyped code. */
export function isReportOnlyRule(value: unknown): value is ReportOnlyRule {
  return (reportOnlyRules as readonly unknown[]).includes(value);
}
