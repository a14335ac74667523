import { refusals, type AuthErrorCode, type OAuthErrorCode } from './refusals.js';

/** What an {@link AuthError} may carry beside its code. */
export interface AuthErrorOptions extends ErrorOptions {
  /** The claim or header parameter that failed, by name. Never its value. */
  readonly claim?: string;
  /** A finer reason within the code, for logs and tests, such as `dpop_replayed`. */
  readonly reason?: string;
  /** The `error` of the challenge where it is not the one of the code, such as `use_dpop_nonce` of RFC 9449 §9. */
  readonly error?: OAuthErrorCode;
  /** The scopes that the route asks for; rendered in the challenge of a 403. */
  readonly scopes?: readonly string[];
  /** The nonce that the next DPoP proof must carry; rendered as the header `DPoP-Nonce` (RFC 9449 §9). */
  readonly dpopNonce?: string;
  /** Seconds after which it is worth trying again; rendered as `Retry-After`. */
  readonly retryAfter?: number;
}

/**
 * A refusal: why a request or its token was not let in. It carries no token, no claim value and no request, so it
 * is safe to log and to answer with.
 *
 * The `code` is stable. `status` and `error` follow from it, as RFC 6750 §3.1 says.
 *
 * @example
 * ```ts
 * try {
 *   await verifier.verify(token);
 * } catch (error) {
 *   if (error instanceof AuthError && error.code === 'token_expired') askForANewOne();
 * }
 * ```
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  /** Which check refused. */
  readonly code: AuthErrorCode;
  /** The HTTP status of the refusal: 400, 401, 403 or 503. */
  readonly status: number;
  /** The error code of the challenge; `undefined` where no credentials were sent (RFC 6750 §3). */
  readonly error: OAuthErrorCode | undefined;
  /** The claim or header parameter that failed, by name. */
  readonly claim: string | undefined;
  /** A finer reason within the code. */
  readonly reason: string | undefined;
  /** The scopes that the route asks for. */
  readonly scopes: readonly string[] | undefined;
  /** The nonce that the next DPoP proof must carry. */
  readonly dpopNonce: string | undefined;
  /** Seconds after which it is worth trying again. */
  readonly retryAfter: number | undefined;

  /**
   * @param code which check refused
   * @param message what went wrong and what to do, without any value taken from the token; default: the text of the code
   * @param options the claim, the finer reason, the scopes, the wait, and the cause
   */
  constructor(code: AuthErrorCode, message?: string, options: AuthErrorOptions = {}) {
    const refusal = refusals[code];
    super(message ?? refusal.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = refusal.status;
    this.error = options.error ?? refusal.error;
    this.claim = options.claim;
    this.reason = options.reason;
    this.scopes = options.scopes;
    this.dpopNonce = options.dpopNonce;
    this.retryAfter = options.retryAfter;
  }
}
