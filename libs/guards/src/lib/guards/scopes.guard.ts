import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import { callerOf } from '../requirement/caller-store.js';
import { type ProtectedRequirement, requirementOf } from '../requirement/route-requirement.js';
import { transportOf } from '../transports/transport.js';
import type { Caller } from '../verifier/caller.js';
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
    const caller = callerOf(transport.carrier(context)) ?? withoutCaller(ScopesGuard.name, context);
    const missing = missingScopes(requirement, caller);
    if (missing.length > 0) {
      const scopes = sufficientScopes(requirement, caller);
      const error = new AuthError('scope_missing', `The access token lacks the scope ${missing.join(' ')}.`, {
        scopes,
      });
      throw transport.refusal(context, error, this.settings.challenge);
    }
    if (!requirement.callers.every((clients) => clients.includes(caller.clientId))) {
      const error = new AuthError(
        'scope_missing',
        'This client may not call this route, whatever its scopes.',
      );
      throw transport.refusal(context, error, this.settings.challenge);
    }
    return true;
  }
}

function missingScopes({ allOf, anyOf }: ProtectedRequirement, { scopes }: Caller): readonly string[] {
  let missing: string[] | undefined;
  for (const scope of allOf) if (!scopes.has(scope)) (missing ??= []).push(scope);
  for (const group of anyOf)
    if (!group.some((scope) => scopes.has(scope))) (missing ??= []).push(group[0] as string);
  return missing ?? NONE;
}

/** The smallest set of scopes with which this caller would have been let in. */
function sufficientScopes({ allOf, anyOf }: ProtectedRequirement, { scopes }: Caller): readonly string[] {
  const chosen = anyOf.map((group) => group.find((scope) => scopes.has(scope)) ?? (group[0] as string));
  return [...new Set([...allOf, ...chosen])];
}

const NONE: readonly string[] = [];
