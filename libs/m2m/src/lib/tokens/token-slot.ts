import type { M2mError } from '../errors/m2m-error.js';
import type { AccessToken } from './access-token.js';
import type { TokenRequest } from './token-request.js';
import type { HeldToken } from './token-state.js';
import type { TokenCounters } from './token-stats.js';

/** The place of one token: what is held, what is under way, what went wrong last. Times in milliseconds of the clock. */
export class TokenSlot {
  /** The token, where one is held. */
  held: HeldToken | undefined;
  /** The held token as a settled promise, for those who need not wait. */
  ready: Promise<AccessToken> | undefined;
  /** The token request that is under way. */
  flight: Promise<AccessToken> | undefined;
  /** The last failure; none after a success. */
  failure: M2mError | undefined;
  /** How many failures came in a row. */
  failures = 0;
  /** Until when nobody asks again. */
  coolUntil = -Infinity;
  /** When the last failure was. */
  failedAt = -Infinity;
  /** When a token was last let go because a callee refused it. */
  droppedAt = -Infinity;
  /** The fingerprint of that token, which is not taken from others again. */
  refused: string | undefined;

  constructor(
    readonly request: TokenRequest,
    readonly counters: TokenCounters,
  ) {}

  /** Takes a token in, or lets it go. */
  keep(held: HeldToken | undefined): void {
    this.held = held;
    this.ready = held && Promise.resolve(held.token);
  }

  /** Begins a pause. */
  cool(failure: M2mError | undefined, until: number): void {
    this.failure = failure;
    this.failures = failure === undefined ? 0 : this.failures + 1;
    this.coolUntil = until;
  }
}
