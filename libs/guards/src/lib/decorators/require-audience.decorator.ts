import { declare, type RequirementDecorator } from './declare.js';
import { assertNamed } from './assert-names.js';

/**
 * Requires that the token was issued for one of the named audiences, where the service has several. Without it any
 * audience of the module will do. A token for another one is refused with 401 `audience_mismatch` (RFC 9068 §4).
 *
 * @throws TypeError when it is given no audience
 * @example
 * ```ts
 * @Controller('admin')
 * @RequireAudience('https://admin.orders.example')
 * export class AdminController {}
 * ```
 */
export function RequireAudience(...audiences: [string, ...string[]]): RequirementDecorator {
  assertNamed('RequireAudience', 'audience', audiences);
  return declare({ kind: 'audience', audiences });
}
