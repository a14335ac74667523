import {
  isReportOnlyRule,
  reportOnlyRules,
  type ReportOnlyRule,
  rulesWithCaller,
} from '../requirement/report-only.js';
import { declare, type RequirementDecorator } from './declare.js';

/**
 * Tries a requirement out: what it would refuse is counted (`countersign.auth.reported`) and logged with its code and
 * route, and let through. On a class it counts for each of its handlers. The boot logs every route that it is on.
 *
 * Without an argument every rule is tried out but `token`: a call still needs a valid token for this service.
 *
 * @param rules `scope`, `caller`, `audience`, `sender`, `token`; see {@link reportOnlyRules}
 * @throws TypeError for anything else
 * @example
 * ```ts
 * @Get(':id')
 * @RequireScopes('read:orders')
 * @ReportOnly('scope')
 * find(@Param('id') id: string) {}
 * ```
 */
export function ReportOnly(...rules: readonly ReportOnlyRule[]): RequirementDecorator {
  if (!rules.every(isReportOnlyRule)) {
    throw new TypeError(`@ReportOnly() takes some of ${reportOnlyRules.join(', ')}.`);
  }
  return declare({ kind: 'report-only', rules: rules.length > 0 ? rules : rulesWithCaller });
}
