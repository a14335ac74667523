import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import { callerOf } from '../requirement/caller-store.js';
import { requirementOf } from '../requirement/route-requirement.js';
import { transportOf } from '../transports/transport.js';
import { withoutCaller } from './without-caller.js';

/**
 * Lets a call through when its token was issued for this route: for an audience of `@RequireAudience()`, or for one
 * of the module's where the route names none (RFC 9068 §4). The verifier has already refused a token that is for
 * none of them; this keeps a token for one API of a service out of another.
 *
 * Refuses with 401 `audience_mismatch`. Needs `AccessTokenGuard` before it and throws where it did not run.
 *
 * @example
 * ```ts
 * @UseGuards(AccessTokenGuard, AudienceGuard, ScopesGuard) // AuthModule installs them in this order for the whole app
 * ```
 */
@Injectable()
export class AudienceGuard implements CanActivate {
  constructor(@Inject(AUTH_SETTINGS) private readonly settings: AuthSettings) {}

  canActivate(context: ExecutionContext): boolean {
    const requirement = requirementOf(context);
    if (requirement.access !== 'protected') return this.settings.allowsUnguarded(requirement, context);
    const transport = transportOf(context);
    const carrier = transport.carrier(context);
    const caller = callerOf(context) ?? callerOf(carrier);
    if (!caller)
      return this.settings.allowsNobody(requirement, carrier) || withoutCaller(AudienceGuard.name, context);
    const accepted = requirement.audiences ?? this.settings.audiences;
    for (const audience of caller.audience) if (accepted.includes(audience)) return true;
    const error = new AuthError('audience_mismatch', 'The access token was not issued for this resource.');
    const call = { context, transport, requirement, caller };
    if (!requirement.audiences) this.settings.refuse(error, call);
    this.settings.enforce('audience', error, call);
    return true;
  }
}
