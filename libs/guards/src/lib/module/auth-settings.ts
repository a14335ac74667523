import type { ExecutionContext } from '@nestjs/common';
import type { AuthError } from '../errors/auth-error.js';
import { ReportLog } from '../guards/report-log.js';
import { metadataUrl } from '../metadata/protected-resource.js';
import type { Challenge } from '../refusal/challenge.js';
import { isNobody } from '../requirement/caller-store.js';
import type { ReportOnlyRule } from '../requirement/report-only.js';
import type { ProtectedRequirement, RouteRequirement } from '../requirement/route-requirement.js';
import { HttpSender } from '../sender/http-sender.js';
import type { Transport } from '../transports/transport.js';
import type { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { Caller } from '../verifier/caller.js';
import type { IssuerOptions } from '../verifier/options.js';
import type { OwnContract } from './auth-module-options.js';
import type { CheckedAuthOptions } from './check-options.js';

/** Counts what guards refuse, and what they would have refused; a verifier does. */
export type RefusalCounter = Pick<AccessTokenVerifier, 'countRefusal' | 'countReport'>;

/** A call that a guard decides on. */
export interface GuardedCall {
  readonly context: ExecutionContext;
  readonly transport: Transport;
  readonly requirement: ProtectedRequirement;
  /** Undefined where the call has no valid token. */
  readonly caller: Caller | undefined;
}

/** The injection token of {@link AuthSettings}. */
export const AUTH_SETTINGS = Symbol('countersign.auth-settings');

/** What the guards need of the module's options, worked out once. */
export class AuthSettings {
  /** Whether the keys are fetched while the app boots. */
  readonly prefetch: boolean;
  /** The contract of this service, where one was given. */
  readonly contract: OwnContract | undefined;
  /** The issuers whose tokens are accepted. */
  readonly issuers: readonly IssuerOptions[];
  /** Where clients reach this service; undefined where the module was not told. */
  readonly publicUrl: string | undefined;
  /** What happens to a handler that declares nothing. */
  readonly coverage: 'enforce' | 'warn';
  /** The audiences of this service. */
  readonly audiences: readonly string[];
  /** How HTTP requests show who sends their token; undefined where bearer tokens alone are accepted. */
  readonly sender: HttpSender | undefined;
  /** Whether tokens must be bound to their sender. */
  readonly requiresSender: boolean;
  /** Rules that are tried out on every route, and not enforced. */
  readonly reportOnly: ReadonlySet<ReportOnlyRule>;
  /** What every challenge of this service says. */
  readonly challenge: Challenge;

  readonly #log = new ReportLog();
  /** What was reported of each call: a guard that runs for the app and for the route looks at it twice. */
  readonly #reported = new WeakMap<ExecutionContext, Set<string>>();

  /** @param counter counts what the guards refuse. Default: nobody does */
  constructor(
    options: CheckedAuthOptions,
    private readonly counter?: RefusalCounter,
  ) {
    this.prefetch = options.prefetch;
    this.contract = options.contract;
    this.issuers = options.issuers;
    this.publicUrl = options.publicUrl;
    this.audiences = options.audiences;
    const { sender, publicUrl } = options;
    this.requiresSender = sender.required ?? false;
    this.sender = sender.dpop || sender.mtls ? new HttpSender(sender, publicUrl) : undefined;
    this.challenge = {
      realm: options.realm,
      ...(this.sender?.dpop && { dpopAlgorithms: this.sender.proofAlgorithms, bearer: this.sender.bearer }),
      ...(options.publicUrl !== undefined && { resourceMetadata: metadataUrl(options.publicUrl).href }),
    };
    this.coverage = options.coverage;
    this.reportOnly = new Set(options.reportOnly);
  }

  /** Whether a rule is tried out on a route, and not enforced. */
  isReportOnly(rule: ReportOnlyRule, { reportOnly }: ProtectedRequirement): boolean {
    return this.reportOnly.has(rule) || reportOnly?.includes(rule) === true;
  }

  /** Whether a call goes on without a caller: `AccessTokenGuard` let it through, and the rule of the token is report-only. */
  allowsNobody(requirement: ProtectedRequirement, carrier: object): boolean {
    return this.isReportOnly('token', requirement) && isNobody(carrier);
  }

  /**
   * Ends a call that does not meet a rule, or notes it where the rule is report-only.
   *
   * @throws the refusal in the form of the transport, unless the rule is report-only
   */
  enforce(rule: ReportOnlyRule, error: AuthError, call: GuardedCall): void {
    const { context, requirement, caller } = call;
    if (this.isReportOnly(rule, requirement)) return this.report(error, context, caller?.issuer);
    this.refuse(error, call);
  }

  /**
   * Ends a call.
   *
   * @throws the refusal in the form of the transport
   */
  refuse(error: AuthError, { context, transport, caller }: GuardedCall): never {
    this.counter?.countRefusal(error, caller?.issuer);
    throw transport.refusal(context, error, this.challenge);
  }

  /**
   * Counts and logs a call that a report-only rule lets through.
   *
   * @param issuer of its token, where it has a valid one
   */
  report(error: AuthError, context: ExecutionContext, issuer?: string): void {
    const reported = this.#reported.get(context) ?? new Set();
    this.#reported.set(context, reported);
    const what = `${error.code} ${error.reason}`;
    if (reported.has(what)) return;
    reported.add(what);
    this.counter?.countReport(error, issuer);
    this.#log.report(context, error);
  }

  /**
   * Whether a route without a requirement may be called: a public one always, an undeclared one only while coverage
   * is `warn`.
   *
   * @throws Error for an undeclared route while coverage is enforced; over HTTP the client sees 500
   */
  allowsUnguarded({ access }: RouteRequirement, context: ExecutionContext): true {
    if (access === 'public' || this.coverage === 'warn') return true;
    throw new Error(
      `${context.getClass().name}.${context.getHandler().name} declares no requirement, and is closed.\n\n` +
        'Potential solutions:\n' +
        "- Say what it requires: @RequireScopes('…'), or @Authenticated() for any client with a valid token.\n" +
        '- Open it to anybody: @Public().',
    );
  }
}
