import type { ExecutionContext } from '@nestjs/common';
import { metadataUrl } from '../metadata/protected-resource.js';
import type { Challenge } from '../refusal/challenge.js';
import type { RouteRequirement } from '../requirement/route-requirement.js';
import type { IssuerOptions } from '../verifier/options.js';
import type { OwnContract } from './auth-module-options.js';
import type { CheckedAuthOptions } from './check-options.js';

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
  /** What every challenge of this service says. */
  readonly challenge: Challenge;

  constructor(options: CheckedAuthOptions) {
    this.prefetch = options.prefetch;
    this.contract = options.contract;
    this.issuers = options.issuers;
    this.publicUrl = options.publicUrl;
    this.audiences = options.audiences;
    this.challenge = {
      realm: options.realm,
      ...(options.publicUrl !== undefined && { resourceMetadata: metadataUrl(options.publicUrl).href }),
    };
    this.coverage = options.coverage;
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
