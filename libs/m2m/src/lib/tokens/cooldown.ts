import type { M2mError, M2mErrorCode } from '../errors/m2m-error.js';
import type { Clock } from './clock.js';

const first = 1_000;
const longest = 30_000;
const permanent = 10_000;
const longestAsked = 3_600_000;

/** What nothing but a change at the authorization server or of the configuration can end. */
const permanentCodes: ReadonlySet<M2mErrorCode> = new Set([
  'client_rejected',
  'grant_missing',
  'scope_not_granted',
]);

/**
 * How long nobody asks again after a failure, in milliseconds: what `Retry-After` says, up to an hour; for what may pass
 * by itself, such as a maintenance page in place of a token, half to all of 1 s, 2 s, 4 s … up to 30 s; for what somebody
 * must change 10 s.
 *
 * @param failures how many came in a row, 1 or more
 */
export function cooldownAfter(error: M2mError, failures: number, clock: Clock): number {
  if (error.retryAfter !== undefined) return Math.min(Math.max(error.retryAfter * 1000, first), longestAsked);
  if (permanentCodes.has(error.code)) return permanent;
  return Math.min(longest, first * 2 ** (Math.min(failures, 10) - 1)) * (0.5 + clock.random() / 2);
}
