import type { ScopeName } from '@countersign/contract';
import { declare, type RequirementDecorator } from './declare.js';
import { assertScopes } from './assert-names.js';

/**
 * Requires at least one of the named scopes. Beside `@RequireScopes` both must hold.
 *
 * A token with none of them is refused with 403 `scope_missing` (RFC 6750 §3.1).
 *
 * @throws TypeError when it is given no scope, or two in one string
 * @example
 * ```ts
 * @Get()
 * @RequireAnyScope('read:orders', 'write:orders')
 * list() {}
 * ```
 */
export function RequireAnyScope(...scopes: [ScopeName, ...ScopeName[]]): RequirementDecorator {
  assertScopes('RequireAnyScope', scopes);
  return declare({ kind: 'any-scope', scopes });
}
