import type { M2mErrorCode } from '../errors/m2m-error.js';

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
