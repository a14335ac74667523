import { contradictsItself, declarationsOf, routeRequirement } from '../requirement/route-requirement.js';
import { type ReportOnlyRule, reportOnlyRules } from '../requirement/report-only.js';
import { callerProblems } from './caller-findings.js';
import type { Handler } from './handlers.js';

/** What a service owns, for the audit of what its handlers ask for. */
export interface Owned {
  readonly scopes: ReadonlySet<string> | undefined;
  readonly audiences: readonly string[];
  /** The issuers that it trusts. */
  readonly issuers: readonly string[];
}

/** Why a handler is not guarded at all; `undefined` when it declares something. */
export function undeclared({ controller, method, name, route }: Handler): string | undefined {
  if (routeRequirement(method, controller).access !== 'undeclared') return undefined;
  return `${name} ${route}: declares no requirement`;
}

/**
 * Which rules of a handler are tried out and not enforced; `undefined` when all are.
 *
 * @param everywhere the rules that are tried out on every route
 */
export function triedOut(
  { controller, method, name, route }: Handler,
  everywhere: ReadonlySet<ReportOnlyRule>,
): string | undefined {
  const requirement = routeRequirement(method, controller);
  if (requirement.access !== 'protected') return undefined;
  const rules = reportOnlyRules.filter(
    (rule) => everywhere.has(rule) || requirement.reportOnly?.includes(rule),
  );
  if (rules.length === 0) return undefined;
  const open = rules.includes('token') ? ', and is open to anybody' : '';
  return `${name} ${route}: is report-only for ${rules.join(', ')}${open}`;
}

/** What is wrong with the declarations of a handler. */
export function misdeclared({ controller, method, name, route }: Handler, owned: Owned): string[] {
  const problems: string[] = [];
  if ([controller, method].some((target) => contradictsItself(declarationsOf(target)))) {
    problems.push('is declared public and guarded at once');
  }
  const requirement = routeRequirement(method, controller);
  if (requirement.access === 'protected') {
    const { allOf, anyOf, audiences, callers } = requirement;
    for (const scope of new Set([...allOf, ...anyOf.flat()])) {
      if (owned.scopes && !owned.scopes.has(scope)) {
        problems.push(`requires the scope ${scope}, which the contract does not own`);
      }
    }
    if (audiences && !audiences.some((audience) => owned.audiences.includes(audience))) {
      problems.push('requires an audience that this service does not have');
    }
    problems.push(...callerProblems(callers, owned.issuers));
  }
  return problems.map((problem) => `${name} ${route}: ${problem}`);
}
