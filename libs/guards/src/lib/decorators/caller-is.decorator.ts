import type { CallerName } from '@countersign/contract';
import { declare, type RequirementDecorator } from './declare.js';
import { assertNamed } from './assert-names.js';

/**
 * Requires that the caller is one of the named clients, by its client id. Scopes say what may be done; this says who
 * may do it, for a route that exists for one service alone. Any other client is refused with 403 `scope_missing`,
 * as is a token that lacks a scope.
 *
 * @throws TypeError when it is given no client
 * @example
 * ```ts
 * @Post(':id/fulfilment')
 * @CallerIs('inventory')
 * @RequireScopes('write:fulfilments')
 * fulfil(@Param('id') id: string) {}
 * ```
 */
export function CallerIs(...clients: [CallerName, ...CallerName[]]): RequirementDecorator {
  assertNamed('CallerIs', 'client', clients);
  return declare({ kind: 'callers', clients });
}
