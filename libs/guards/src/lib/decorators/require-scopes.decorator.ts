import type { ScopeName } from '@countersign/contract';
import { declare, type RequirementDecorator } from './declare.js';
import { assertScopes } from './assert-names.js';

/**
 * Requires every one of the named scopes. On a class it counts for each of its handlers, and a handler can only add
 * to it. Where a contract is registered (see `Register` of `@countersign/contract`), a scope that the contract does
 * not own does not compile.
 *
 * A token without them is refused with 403 `scope_missing` and a challenge that names them (RFC 6750 §3.1).
 *
 * @throws TypeError when it is given no scope, or two in one string
 * @example
 * ```ts
 * @Get(':id')
 * @RequireScopes('read:orders')
 * find(@Param('id') id: string) {}
 * ```
 */
export function RequireScopes(...scopes: [ScopeName, ...ScopeName[]]): RequirementDecorator {
  assertScopes('RequireScopes', scopes);
  return declare({ kind: 'scopes', scopes });
}
