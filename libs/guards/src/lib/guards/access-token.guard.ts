import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { AuthError } from '../errors/auth-error.js';
import type { AuthErrorCode } from '../errors/refusals.js';
import { AUTH_SETTINGS, type AuthSettings, type GuardedCall } from '../module/auth-settings.js';
import { JwtStrategy } from '../module/jwt.strategy.js';
import { setCaller, setNobody } from '../requirement/caller-store.js';
import { requirementOf } from '../requirement/route-requirement.js';
import { speaksDpop } from '../sender/http-sender.js';
import type { SenderEvidence } from '../sender/sender-evidence.js';
import { assertOneToken, dpopToken } from '../transports/bearer-token.js';
import type { HttpRequest, HttpResponse } from '../transports/http-request.js';
import { type Transport, transportOf } from '../transports/transport.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { Caller } from '../verifier/caller.js';

/** A call whose token is looked at. */
type TokenCall = Omit<GuardedCall, 'caller'>;

/** Refusals that the verifier never saw, and so did not count. */
const BEFORE_VERIFICATION: ReadonlySet<AuthErrorCode> = new Set(['token_missing', 'request_malformed']);

/**
 * Finds out who is calling: takes the token out of the call, verifies it, and keeps the caller for the guards
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
    const { sender } = this.settings;
    try {
      const request = sender && transport.request?.(context);
      const dpop = request !== undefined && sender?.dpop === true && speaksDpop(request);
      const credentials = dpop ? dpopToken(request) : transport.credentials(context);
      const known = dpop
        ? undefined
        : this.verifier.recognise(credentials, { connection: transport.connection?.(context) });
      if (!known) return this.verify({ context, transport, requirement }, credentials, request);
      this.keep(context, transport, known);
      return true;
    } catch (error) {
      return this.refuse({ context, transport, requirement }, error);
    }
  }

  /** What Passport found: the caller, or why there is none. */
  override handleRequest<T>(error: unknown, user: T | false | null, info: unknown): T {
    if (error || !user) throw error ?? info;
    return user;
  }

  private async verify(
    call: TokenCall,
    credentials: string,
    request: HttpRequest | undefined,
  ): Promise<boolean> {
    const { context, transport } = call;
    try {
      const evidence = request && this.settings.sender?.evidence(request);
      const caller = this.isTried(call)
        ? await this.tryOut(call, credentials, evidence)
        : await this.verified(context, credentials, evidence);
      this.keep(context, transport, caller);
      if (evidence?.scheme === 'DPoP') this.giveNonce(context);
      return true;
    } catch (error) {
      return this.refuse(call, error);
    }
  }

  /** Over HTTP by way of Passport, elsewhere by the verifier itself. */
  private async verified(
    context: ExecutionContext,
    credentials: string,
    sender: SenderEvidence | undefined,
  ): Promise<Caller> {
    if (context.getType() === 'http') {
      await super.canActivate(context);
      return context.switchToHttp().getRequest<{ user: Caller }>().user;
    }
    assertOneToken(credentials);
    return this.verifier.verify(credentials, sender ? { sender } : {});
  }

  /** Whether a rule that the verifier holds up is tried out on the route. */
  private isTried({ requirement }: TokenCall): boolean {
    return (
      this.settings.isReportOnly('token', requirement) || this.settings.isReportOnly('sender', requirement)
    );
  }

  /** As {@link verified}, with the rules that are report-only held up by this guard. */
  private async tryOut(
    { context, requirement }: TokenCall,
    credentials: string,
    evidence: SenderEvidence | undefined,
  ): Promise<Caller> {
    assertOneToken(credentials);
    const acceptUnbound = this.settings.isReportOnly('sender', requirement);
    const uncounted = this.settings.isReportOnly('token', requirement);
    const sender = evidence && { sender: evidence };
    const caller = await this.verifier.verify(credentials, { ...sender, acceptUnbound, uncounted });
    if (this.settings.requiresSender && caller.confirmation === undefined) {
      const error = new AuthError('sender_mismatch', undefined, { claim: 'cnf', reason: 'unbound' });
      this.settings.report(error, context, caller.issuer);
    }
    return caller;
  }

  private keep(context: ExecutionContext, transport: Transport, caller: Caller): void {
    const carrier = transport.carrier(context);
    setCaller(carrier, caller);
    // The guards after it share the context, and reach it sooner than what is on an Express request.
    setCaller(context, caller);
    (carrier as { user?: Caller }).user = caller;
    transport.accepted?.(context, caller);
  }

  /** The nonce that the next proof must carry, where one must (RFC 9449 §8.2). */
  private giveNonce(context: ExecutionContext): void {
    const nonce = this.settings.sender?.nonces?.current();
    if (nonce === undefined || context.getType() !== 'http') return;
    context.getArgByIndex<HttpResponse>(1).header('dpop-nonce', nonce);
  }

  /** Ends a call without a valid token, or lets it go on without a caller where that rule is report-only. */
  private refuse({ context, transport, requirement }: TokenCall, error: unknown): true {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    if (this.settings.isReportOnly('token', requirement)) {
      const carrier = transport.carrier(context);
      setNobody(carrier);
      (carrier as { user?: Caller | undefined }).user = undefined;
      this.settings.report(refusal, context);
      return true;
    }
    if (BEFORE_VERIFICATION.has(refusal.code)) this.verifier.countRefusal(refusal);
    throw transport.refusal(context, refusal, this.settings.challenge);
  }
}

/** Passport hands a refusal on in an exception. */
function refusalIn(error: unknown): AuthError | undefined {
  if (error instanceof AuthError) return error;
  return error instanceof Error && error.cause instanceof AuthError ? error.cause : undefined;
}
