import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { AuthError } from '../errors/auth-error.js';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import { JwtStrategy } from '../module/jwt.strategy.js';
import { setCaller } from '../requirement/caller-store.js';
import { requirementOf } from '../requirement/route-requirement.js';
import { assertOneToken } from '../transports/bearer-token.js';
import { type Transport, transportOf } from '../transports/transport.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { Caller } from '../verifier/caller.js';

/**
 * Finds out who is calling: takes the bearer token out of the call, verifies it, and keeps the caller for the guards
 * after it and for `@Caller()`. A token that was verified before is recognised without waiting; over HTTP any other
 * one goes through {@link JwtStrategy} as every Passport strategy does.
 *
 * Refuses with 401 `token_missing` or one of the `invalid_token` codes, 400 `request_malformed` and 503
 * `keys_unavailable`. A route that declares nothing is never let through while coverage is enforced.
 */
@Injectable()
export class AccessTokenGuard extends AuthGuard() implements CanActivate {
  constructor(
    @Inject(AUTH_SETTINGS) private readonly settings: AuthSettings,
    private readonly verifier: AccessTokenVerifier,
    strategy: JwtStrategy,
  ) {
    super({ defaultStrategy: strategy.name });
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const requirement = requirementOf(context);
    if (requirement.access !== 'protected') return this.settings.allowsUnguarded(requirement, context);
    const transport = transportOf(context);
    try {
      const credentials = transport.credentials(context);
      const known = this.verifier.recognise(credentials);
      if (!known) return this.verify(context, transport, credentials);
      this.keep(context, transport, known);
      return true;
    } catch (error) {
      throw this.refusal(context, transport, error);
    }
  }

  /** What Passport found: the caller, or why there is none. */
  override handleRequest<T>(error: unknown, user: T | false | null, info: unknown): T {
    if (error || !user) throw error ?? info;
    return user;
  }

  private async verify(
    context: ExecutionContext,
    transport: Transport,
    credentials: string,
  ): Promise<boolean> {
    try {
      if (context.getType() === 'http') {
        await super.canActivate(context);
        this.keep(context, transport, context.switchToHttp().getRequest<{ user: Caller }>().user);
      } else {
        assertOneToken(credentials);
        this.keep(context, transport, await this.verifier.verify(credentials));
      }
      return true;
    } catch (error) {
      throw this.refusal(context, transport, error);
    }
  }

  private keep(context: ExecutionContext, transport: Transport, caller: Caller): void {
    const carrier = transport.carrier(context);
    setCaller(carrier, caller);
    (carrier as { user?: Caller }).user = caller;
  }

  private refusal(context: ExecutionContext, transport: Transport, error: unknown): unknown {
    const cause = error instanceof Error && error.cause instanceof AuthError ? error.cause : error;
    return cause instanceof AuthError ? transport.refusal(context, cause, this.settings.challenge) : error;
  }
}
