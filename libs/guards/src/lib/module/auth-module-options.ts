import type { Dialect, DialectName } from '../dialects/dialect.js';
import type { SignatureAlgorithm } from '../keys/algorithms.js';
import type { KeySetEvent } from '../keys/key-set-event.js';
import type { KeySetTuning } from '../keys/key-set-limits.js';
import type { ReportOnlyRule } from '../requirement/report-only.js';
import type { SenderConstraintOptions } from '../sender/sender-constraint-options.js';
import type { Denylist } from '../verifier/denylist.js';
import type { IssuerOptions } from '../verifier/options.js';

/** What the module needs to know of a contract; a contract of `@countersign/contract` fits. */
export interface OwnContract {
  /** The name of this service. */
  readonly service: string;
  /** The audience of its tokens. */
  readonly audience?: string | undefined;
  /** The scopes that it owns, each with a description. */
  readonly scopes: Readonly<Record<string, string>>;
}

/** The options of `AuthModule`, checked when it boots: every problem is reported at once. */
export interface AuthModuleOptions {
  /**
   * The exact `iss` of the tokens, trailing slash included. Needed unless {@link issuers} is given.
   */
  readonly issuer?: string | undefined;
  /** Where the keys of {@link issuer} are. Default: discovery at the issuer. */
  readonly jwksUri?: string | undefined;
  /** How the tokens of {@link issuer} look: a preset by name, or a dialect of your own. Default `auth0`. */
  readonly dialect?: DialectName | Dialect | undefined;
  /** The signature algorithms that are accepted of {@link issuer}. Default: those of the dialect. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined;
  /** Claims that every token of {@link issuer} must have, beyond those of the dialect. Default none. */
  readonly requiredClaims?: readonly string[] | undefined;
  /** How the keys of {@link issuer} are fetched and kept. */
  readonly keys?: KeySetTuning | undefined;
  /** Several issuers, each with its own keys, dialect and rules, in place of {@link issuer} and what belongs to it. */
  readonly issuers?: readonly IssuerOptions[] | undefined;
  /**
   * The audience of this service, or several. A token must name one of them. Default: the audience of
   * {@link contract}; without either the module does not boot.
   */
  readonly audience?: string | readonly string[] | undefined;
  /**
   * The contract of this service. With it, a decorator that names a scope the contract does not own stops the boot.
   */
  readonly contract?: OwnContract | undefined;
  /**
   * What happens to a handler that declares nothing: `enforce` stops the boot, `warn` logs it and leaves the handler
   * open, for an app that adopts default deny step by step. Default `enforce`.
   */
  readonly coverage?: 'enforce' | 'warn' | undefined;
  /** The `realm` of the challenges. Default: the first audience. */
  readonly realm?: string | undefined;
  /** How far the clocks of issuer and service may differ, in seconds. Default 5, at most 60. */
  readonly clockToleranceSeconds?: number | undefined;
  /** How many verified tokens are recognised without verifying them again. Default 10,000; 0 turns it off. */
  readonly cacheSize?: number | undefined;
  /** The longest token that is looked at, in characters. Default 16,384, at most 65,536. */
  readonly maxTokenLength?: number | undefined;
  /** Tokens that are refused although they verify; asked for every request. */
  readonly denylist?: Denylist | undefined;
  /** Tokens that are bound to their sender, over HTTP and GraphQL. Default: bearer tokens alone are accepted. */
  readonly sender?: SenderConstraintOptions | undefined;
  /**
   * Rules that are tried out on every route before they are enforced: what they would refuse is counted, logged and let
   * through. `@ReportOnly()` does it for one route. Default none.
   */
  readonly reportOnly?: readonly ReportOnlyRule[] | undefined;
  /** Told whenever the keys of an issuer were fetched or could not be. Must return soon; what it throws is ignored. */
  readonly onKeySetEvent?: ((event: KeySetEvent) => void) | undefined;
  /** Fetch the keys while the app boots, without waiting for them. Default true. */
  readonly prefetch?: boolean | undefined;
  /**
   * Where clients reach this service. With it, the metadata of RFC 9728 is served at
   * `/.well-known/oauth-protected-resource`, and every challenge says so. Default: neither.
   */
  readonly publicUrl?: string | undefined;
}
