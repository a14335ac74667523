import type { VerifiedToken } from './verified-token.js';

/**
 * Tokens that are refused although they verify. It is asked for every request, recognised tokens included, so the
 * answer must come from memory.
 */
export interface Denylist {
  /** True when the token must not be let in. */
  denies(token: VerifiedToken): boolean;
}
