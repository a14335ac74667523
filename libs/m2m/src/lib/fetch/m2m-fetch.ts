import type { SubjectToken } from '../tokens/subject-token.js';

/** What a call may say beside what `fetch` knows. */
export interface M2mFetchInit extends RequestInit {
  /** How long the call may take, its token and its body included, in milliseconds. Default: that of the connection. */
  readonly timeout?: number;
  /** On whose behalf the call is made, as `onBehalfOf(request)` says it; for a connection with `exchange`. */
  readonly onBehalfOf?: SubjectToken;
}

/**
 * `fetch` for one connection: every request carries the connection's token.
 *
 * @param input a path below the connection's base URL, or a whole URL or `Request` below it
 * @returns the answer, whatever its status; its body is read within the deadline and the connection's size limit
 * @throws M2mError `origin_mismatch`, `connection_misconfigured`, `redirect_refused`, `callee_unreachable`,
 * `response_too_large`, `deadline_exceeded` and every code of `getToken`; the signal's reason where it was aborted
 * @example
 * ```ts
 * constructor(@InjectM2mFetch('inventory') private readonly fetch: M2mFetch) {}
 *
 * const response = await this.fetch('/reservations', { method: 'POST', body: JSON.stringify(reservation), headers });
 * ```
 */
export type M2mFetch = (input: string | URL | Request, init?: M2mFetchInit) => Promise<Response>;
