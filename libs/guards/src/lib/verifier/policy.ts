import { AuthOptionsError } from '../errors/auth-options-error.js';
import type { Dialect } from '../dialects/dialect.js';
import { dialects } from '../dialects/dialects.js';
import type { SignatureAlgorithm } from '../keys/algorithms.js';
import { KeySet } from '../keys/key-set.js';
import type { SenderPolicy } from '../sender/check-sender.js';
import { defaultProofAlgorithms } from '../sender/dpop-options.js';
import { MemoryReplayStore } from '../sender/memory-replay-store.js';
import type { AccessTokenVerifierOptions, IssuerOptions } from './options.js';
import { optionProblems } from './option-problems.js';

/** What a token of one issuer is held against. */
export interface IssuerPolicy {
  readonly issuer: string;
  readonly dialect: Dialect;
  readonly algorithms: ReadonlySet<SignatureAlgorithm>;
  readonly requiredClaims: readonly string[];
  readonly keys: KeySet;
}

/** What a verifier holds tokens against; made once from its options. */
export interface Policy {
  readonly issuers: ReadonlyMap<string, IssuerPolicy>;
  readonly audience: readonly string[];
  readonly toleranceSeconds: number;
  readonly maxTokenLength: number;
  readonly sender: SenderPolicy;
  readonly clock: () => number;
}

/**
 * Fills in the defaults.
 *
 * @throws AuthOptionsError with every problem of the options
 */
export function policyOf(options: AccessTokenVerifierOptions): Policy {
  const problems = optionProblems(options);
  if (problems.length > 0) throw new AuthOptionsError(problems);
  const clock = options.clock ?? Date.now;
  return {
    issuers: new Map(options.issuers.map((issuer) => [issuer.issuer, issuerPolicy(issuer, options, clock)])),
    audience: typeof options.audience === 'string' ? [options.audience] : [...options.audience],
    toleranceSeconds: options.clockToleranceSeconds ?? 5,
    maxTokenLength: options.maxTokenLength ?? 16_384,
    sender: senderPolicy(options, clock),
    clock,
  };
}

function senderPolicy(
  { sender: { required = false, dpop = {} } = {}, clockToleranceSeconds = 5 }: AccessTokenVerifierOptions,
  clock: () => number,
): SenderPolicy {
  return {
    required,
    dpop: {
      maxAgeSeconds: dpop.maxAgeSeconds ?? 60,
      toleranceSeconds: clockToleranceSeconds,
      algorithms: new Set(dpop.algorithms ?? defaultProofAlgorithms),
      replayStore: dpop.replayStore ?? new MemoryReplayStore(undefined, clock),
      nonces: dpop.nonces,
      clock,
    },
  };
}

function issuerPolicy(
  { issuer, jwksUri, dialect: named = 'auth0', algorithms, requiredClaims = [], keys }: IssuerOptions,
  { onKeySetEvent }: AccessTokenVerifierOptions,
  clock: () => number,
): IssuerPolicy {
  const dialect = typeof named === 'string' ? dialects[named] : named;
  return {
    issuer,
    dialect,
    algorithms: new Set(algorithms ?? dialect.algorithms),
    requiredClaims: [...new Set([...dialect.requiredClaims, ...requiredClaims])],
    keys: new KeySet({ issuer, jwksUri, tuning: keys, onEvent: onKeySetEvent, clock }),
  };
}
