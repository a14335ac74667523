import type { SignatureAlgorithm } from '../keys/algorithms.js';
import type { DpopNonces } from './dpop-nonces.js';
import type { ReplayStore } from './replay-store.js';

/** The algorithms of proofs where the options name none. */
export const defaultProofAlgorithms: readonly SignatureAlgorithm[] = ['ES256', 'EdDSA', 'RS256', 'PS256'];

/** How DPoP proofs are checked (RFC 9449). */
export interface DpopOptions {
  /** How old a proof may be, in seconds. Default 60, at most 300. */
  readonly maxAgeSeconds?: number;
  /** The algorithms that a proof may be signed with. Default ES256, EdDSA, RS256 and PS256. */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** Where used proofs are remembered. Default: in this process. */
  readonly replayStore?: ReplayStore;
  /** Where given, a proof must carry one of its nonces. Default: no nonce is asked for. */
  readonly nonces?: DpopNonces;
}

/** {@link DpopOptions} with its defaults. */
export interface DpopPolicy {
  readonly maxAgeSeconds: number;
  readonly toleranceSeconds: number;
  readonly algorithms: ReadonlySet<SignatureAlgorithm>;
  readonly replayStore: ReplayStore;
  readonly nonces: DpopNonces | undefined;
  readonly clock: () => number;
}
