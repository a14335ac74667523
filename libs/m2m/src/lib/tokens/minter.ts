import type { MintedToken } from './minted-token.js';
import type { TokenTimes } from './token-state.js';
import type { TokenRequest } from './token-request.js';

/** A token and when its life began, in milliseconds of the clock that never jumps. */
export interface TimedToken {
  readonly minted: MintedToken;
  /** When the request that brought it was sent. */
  readonly askedAt: number;
  /** Whether another instance minted it. */
  readonly shared?: boolean;
  /** Is told what became of it, so that it can be shared with others: the moments of its life, or nothing where it is of no use. */
  readonly settle?: (life: TokenTimes | undefined) => void;
}

/** What a flight needs. */
export interface TokenNeed {
  /** Whether callers wait; a refresh in the background has time. */
  readonly urgent: boolean;
  /** Whether a token that another instance minted would do. */
  accepts(candidate: TimedToken): boolean;
  /** How long it may take in all, in milliseconds. Default: the retry policy's. */
  readonly within?: number;
}

/** Gets one token, in bounded time. Rejects with an `M2mError`. */
export interface Minter {
  obtain(request: TokenRequest, need: TokenNeed): Promise<TimedToken>;
  /** Lets go of what others may hold of a token that a callee refused. */
  discard?(request: TokenRequest, value: string): void;
  /** Waits until nothing is under way in the background. */
  idle?(): Promise<void>;
}
