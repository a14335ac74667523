import type { Dialect, DialectName } from '../dialects/dialect.js';
import type { SignatureAlgorithm } from '../keys/algorithms.js';
import type { KeySetEvent } from '../keys/key-set-event.js';
import type { KeySetTuning } from '../keys/key-set-limits.js';
import type { DpopOptions } from '../sender/dpop-options.js';
import type { SenderEvidence } from '../sender/sender-evidence.js';
import type { Denylist } from './denylist.js';

export type { KeySetTuning };

/** An authorization server whose tokens are accepted. */
export interface IssuerOptions {
  /** The exact `iss` of its tokens, trailing slash included (RFC 8414 §2). */
  readonly issuer: string;
  /** Where its keys are; default: discovery at the issuer (OpenID Connect Discovery, then RFC 8414). */
  readonly jwksUri?: string;
  /** How its tokens look: the name of a preset, or a dialect of your own. Default `auth0`. */
  readonly dialect?: DialectName | Dialect;
  /** The signature algorithms that are accepted. Default: those of the dialect. */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** Claims that every token must have, beyond those of the dialect. */
  readonly requiredClaims?: readonly string[];
  /** How its keys are fetched and kept. */
  readonly keys?: KeySetTuning;
}

/** What an `AccessTokenVerifier` accepts. */
export interface AccessTokenVerifierOptions {
  /** The issuers that are trusted, at least one. The `iss` of a token only selects among them. */
  readonly issuers: readonly IssuerOptions[];
  /** The audience of this API, at least one; a token must name one of them (RFC 9068 §4). */
  readonly audience: string | readonly string[];
  /** How far the clocks of issuer and API may differ, in seconds. Default 5, at most 60. */
  readonly clockToleranceSeconds?: number;
  /** The longest token that is looked at, in characters. Default 16,384, at most 65,536. */
  readonly maxTokenLength?: number;
  /** How many verified tokens are recognised without verifying them again; 0 turns it off. Default 10,000. */
  readonly cacheSize?: number;
  /** Tokens that are refused although they verify. */
  readonly denylist?: Denylist;
  /** What is asked of the senders of tokens. */
  readonly sender?: SenderOptions;
  /** Told whenever keys were fetched or could not be. Must not throw. */
  readonly onKeySetEvent?: (event: KeySetEvent) => void;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/** What is asked of the senders of tokens (RFC 9449, RFC 8705). A token that is bound is always held to its binding. */
export interface SenderOptions {
  /** True refuses tokens that are bound to no sender. Default false. */
  readonly required?: boolean;
  /** How DPoP proofs are checked. */
  readonly dpop?: DpopOptions;
}

/** What one call of `verify` may ask for. */
export interface VerifyOptions {
  /** The audience of this route, in place of the verifier's own. An empty list accepts nothing. */
  readonly audience?: readonly string[];
  /** What the request brings to show who sends it. Default: a bearer token and nothing else. */
  readonly sender?: SenderEvidence;
  /** True accepts a token that is bound to no sender where the verifier requires that. Default false. */
  readonly acceptUnbound?: boolean;
  /** True leaves it to the caller to count a refusal. Default false. */
  readonly uncounted?: boolean;
}

/** What one call of `recognise` may ask for. */
export interface RecogniseOptions {
  /** The audience of this route, in place of the verifier's own. An empty list accepts nothing. */
  readonly audience?: readonly string[];
  /** The connection that the token came on; a token that comes again on it is recognised at less cost. */
  readonly connection?: object | undefined;
}
