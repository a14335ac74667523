import { declare, type RequirementDecorator } from './declare.js';

/**
 * Requires a valid token for this service and nothing more: any authenticated client, whatever its scopes.
 *
 * @example
 * ```ts
 * @Get('whoami')
 * @Authenticated()
 * whoami(@Caller() caller: Caller) {
 *   return caller.clientId;
 * }
 * ```
 */
export function Authenticated(): RequirementDecorator {
  return declare({ kind: 'authenticated' });
}
