import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import { callerOf } from '../requirement/caller-store.js';
import { requirementOf } from '../requirement/route-requirement.js';
import { transportOf } from '../transports/transport.js';
import { unmetCallers, unmetScopes } from './unmet-requirement.js';
import { withoutCaller } from './without-caller.js';

/**
 * Lets a call through when its caller has the scopes that `@RequireScopes()` and `@RequireAnyScope()` ask for and is
 * one of the clients of `@CallerIs()`.
 *
 * Refuses with 403 `scope_missing`, and names what would be enough (RFC 6750 §3.1). Needs `AccessTokenGuard` before
 * it and throws where it did not run.
 *
 * @example
 * ```ts
 * @UseGuards(AccessTokenGuard, AudienceGuard, ScopesGuard) // AuthModule installs them in this order for the whole app
 * ```
 */
@Injectable()
export class ScopesGuard implements CanActivate {
  constructor(@Inject(AUTH_SETTINGS) private readonly settings: AuthSettings) {}

  canActivate(context: ExecutionContext): boolean {
    const requirement = requirementOf(context);
    if (requirement.access !== 'protected') return this.settings.allowsUnguarded(requirement, context);
    const transport = transportOf(context);
    const carrier = transport.carrier(context);
    const caller = callerOf(context) ?? callerOf(carrier);
    if (!caller)
      return this.settings.allowsNobody(requirement, carrier) || withoutCaller(ScopesGuard.name, context);
    const missing = unmetScopes(requirement, caller);
    if (missing) this.settings.enforce('scope', missing, { context, transport, requirement, caller });
    const other = unmetCallers(requirement, caller);
    if (other) this.settings.enforce('caller', other, { context, transport, requirement, caller });
    return true;
  }
}
