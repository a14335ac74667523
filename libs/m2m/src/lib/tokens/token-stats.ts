import type { M2mErrorCode } from '../errors/m2m-error.js';
import type { TokenSlot } from './token-slot.js';

/** What happened for one audience since the process started. Holds no token. */
export interface TokenStats {
  readonly audience: string;
  /** Tokens that the authorization server issued, refreshes included. */
  readonly minted: number;
  /** Times that a held token was used and no token request was needed. */
  readonly served: number;
  /** Tokens that another instance of this service minted and this one took from the shared cache. */
  readonly saved: number;
  /** Tokens that replaced one which was still alive. */
  readonly refreshed: number;
  /** Times that no token could be had, after all retries. */
  readonly failed: number;
  /** How long the token that lives longest may still be used, in seconds; 0 where there is none. */
  readonly usableFor: number;
  /** The code of the last failure, until a token is minted again. */
  readonly lastError?: M2mErrorCode;
}

/** The counters of one audience. */
export class TokenCounters {
  minted = 0;
  served = 0;
  saved = 0;
  refreshed = 0;
  failed = 0;
}

/**
 * What happened, by audience.
 *
 * @param now milliseconds of the clock that the tokens are timed with
 */
export function statsOf(
  counters: Iterable<[audience: string, counters: TokenCounters]>,
  slots: readonly TokenSlot[],
  now: number,
): TokenStats[] {
  return [...counters]
    .map(([audience, { minted, served, saved, refreshed, failed }]) => {
      const own = slots.filter((slot) => slot.request.audience === audience);
      const left = Math.max(0, ...own.map((slot) => (slot.held?.endsAt ?? now) - now));
      const lastError = own.find((slot) => slot.failure)?.failure?.code;
      const counted = { audience, minted, served, saved, refreshed, failed };
      return { ...counted, usableFor: Math.floor(left / 1000), ...(lastError && { lastError }) };
    })
    .sort((a, b) => (a.audience < b.audience ? -1 : 1));
}
