/** Why a token could not be had, or why a call was not sent. Stable; messages may change. */
export type M2mErrorCode =
  | 'issuer_unreachable'
  | 'client_rejected'
  | 'grant_missing'
  | 'scope_not_granted'
  | 'quota_exhausted'
  | 'token_response_invalid'
  | 'deadline_exceeded'
  | 'aborted'
  | 'connection_unknown'
  | 'connection_misconfigured'
  | 'origin_mismatch'
  | 'redirect_refused'
  | 'callee_unreachable'
  | 'response_too_large'
  | 'preflight_failed'
  | 'subject_missing'
  | 'subject_rejected';

/** What an {@link M2mError} may tell beside its message. */
export interface M2mErrorDetails {
  /** The audience that the token was for. */
  readonly audience?: string;
  /** How long to wait before another try, in seconds. */
  readonly retryAfter?: number;
  /** What went wrong underneath. Must hold no token, no secret and no request. */
  readonly cause?: unknown;
}

/**
 * The base of every error of this library. It never holds a token, a secret, a request or a configuration.
 *
 * @example
 * ```ts
 * if (error instanceof M2mError && error.code === 'grant_missing') …
 * ```
 */
export class M2mError extends Error {
  override readonly name: string = 'M2mError';
  /** The audience that the token was for, where one was involved. */
  readonly audience?: string;
  /** How long to wait before another try, in seconds, where the authorization server said so. */
  readonly retryAfter?: number;

  /**
   * @param code stable reason
   * @param message what happened and what to do next
   */
  constructor(
    readonly code: M2mErrorCode,
    message: string,
    { audience, retryAfter, cause }: M2mErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    if (audience !== undefined) this.audience = audience;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }

  /** Whether another try may succeed without anybody changing anything. */
  get transient(): boolean {
    return (
      this.code === 'issuer_unreachable' ||
      this.code === 'quota_exhausted' ||
      this.code === 'deadline_exceeded'
    );
  }
}
