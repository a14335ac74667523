import { HttpException } from '@nestjs/common';
import type { AuthError } from '../errors/auth-error.js';
import { type AuthorizationScheme, type Challenge, refusalHeaders } from './challenge.js';

/** The body of every refusal over HTTP. `error` is absent where the request had no credentials (RFC 6750 §3.1). */
export interface RefusalBody {
  readonly statusCode: number;
  readonly error?: string;
  readonly message: string;
  readonly code: string;
}

/**
 * A refusal as Nest's own exception filter renders it. The guards set {@link headers} on the response before they
 * throw, so that a filter of the app's own need not know of them.
 */
export class AccessRefusedException extends HttpException {
  override readonly name = 'AccessRefusedException';
  /** The stable reason, see the table in the README. */
  readonly code: string;
  /** The headers that belong to the answer, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param scheme the scheme that the request used. Default `Bearer` */
  constructor(error: AuthError, challenge: Challenge, scheme?: AuthorizationScheme) {
    const body: RefusalBody = {
      statusCode: error.status,
      ...(error.error && { error: error.error }),
      message: error.message,
      code: error.code,
    };
    super(body, error.status, { cause: error });
    this.code = error.code;
    this.headers = refusalHeaders(error, challenge, scheme);
  }
}
