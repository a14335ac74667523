import type { CallerName } from '@countersign/contract';
import { declare, type RequirementDecorator } from './declare.js';
import { assertNamed } from './assert-names.js';

/** Whose clients {@link CallerIs} names. */
export interface CallerIsOptions {
  /**
   * The exact issuer of the clients, or several where a client is the same one at each. Default: the issuer of the
   * module. Needed where that trusts several: a client id is unique at its issuer only.
   */
  readonly issuer: string | readonly [string, ...string[]];
}

/**
 * Requires that the caller is one of the named clients, by its client id. Scopes say what may be done; this says who
 * may do it, for a route that exists for one service alone. Any other client is refused with 403 `scope_missing`,
 * as is a token that lacks a scope.
 *
 * A client of the same name at another issuer is another client. Where several issuers are trusted, the boot stops
 * when it is not said whose clients are meant.
 *
 * @param args the client ids, and last, where there are several issuers, whose clients they are
 * @throws TypeError when it is given no client, or no issuer in its options
 * @example
 * ```ts
 * @Post(':id/fulfilment')
 * @CallerIs('inventory', { issuer: 'https://acme.eu.auth0.com/' })
 * @RequireScopes('write:fulfilments')
 * fulfil(@Param('id') id: string) {}
 * ```
 */
export function CallerIs(
  ...args: [CallerName, ...CallerName[]] | [CallerName, ...CallerName[], CallerIsOptions]
): RequirementDecorator {
  const last: CallerName | CallerIsOptions | undefined = args.at(-1);
  const options = typeof last === 'object' ? last : undefined;
  const clients = (options ? args.slice(0, -1) : args) as CallerName[];
  assertNamed('CallerIs', 'client', clients);
  if (!options) return declare({ kind: 'callers', clients });
  const issuers = [options.issuer].flat();
  assertNamed('CallerIs', 'issuer', issuers);
  return declare({ kind: 'callers', clients, issuers });
}
