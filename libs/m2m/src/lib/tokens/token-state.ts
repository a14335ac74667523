import type { AccessToken } from './access-token.js';

/** The moments of a token's life, in milliseconds of a clock that never jumps. */
export interface TokenTimes {
  /** When it was asked for. */
  readonly mintedAt: number;
  /** From when it is refreshed in the background. */
  readonly softAt: number;
  /** When it ends. */
  readonly endsAt: number;
  /** How near it may come to its end and still be used without asking first. */
  readonly margin: number;
}

/** A token and the moments of its life. */
export interface HeldToken extends TokenTimes {
  readonly token: AccessToken;
}

/**
 * `fresh`: use it. `soft`: use it and refresh it in the background. `hard`: refresh it first, use it where that fails.
 * `expired`: there is nothing to use.
 */
export type TokenState = 'fresh' | 'soft' | 'hard' | 'expired';

/**
 * Where a token stands.
 *
 * @param now milliseconds of the clock that the token was timed with
 * @param minTtl the least time it must still live, in milliseconds; more than half of its lifetime counts as half
 */
export function stateOf(held: TokenTimes | undefined, now: number, minTtl: number): TokenState {
  if (held === undefined || now >= held.endsAt) return 'expired';
  const least = Math.max(held.margin, Math.min(minTtl, (held.endsAt - held.mintedAt) / 2));
  if (held.endsAt - now <= least) return 'hard';
  return now >= held.softAt ? 'soft' : 'fresh';
}
