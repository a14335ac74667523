import { M2mError } from '../errors/m2m-error.js';
import { SubjectToken } from '../tokens/subject-token.js';

/** The caller on whose behalf a call is made: its access token, or the request that a guard of this service let in. */
export type CallerToken =
  string | SubjectToken | { readonly headers: { readonly authorization?: string | undefined } };

/** What a call says of its caller. */
export interface OnBehalfOf {
  readonly onBehalfOf: SubjectToken;
  /** Not set; there for the types of axios and `fetch`. */
  readonly signal?: undefined;
}

/**
 * Says on whose behalf a call is made, for a connection with `exchange: true`. Hand in a token that a guard of this
 * service has accepted, and no other.
 *
 * @throws M2mError `subject_missing` where the request carries no token
 * @example
 * ```ts
 * this.http.get(`/stock/${sku}`, onBehalfOf(request));
 * this.fetch(`/stock/${sku}`, { method: 'DELETE', ...onBehalfOf(request) });
 * ```
 */
export const onBehalfOf = (caller: CallerToken): OnBehalfOf => ({ onBehalfOf: subjectTokenOf(caller) });

/**
 * The token of a caller.
 *
 * @throws M2mError `subject_missing` where there is none
 */
export function subjectTokenOf(caller: CallerToken): SubjectToken {
  if (caller instanceof SubjectToken) return caller;
  const value =
    typeof caller === 'string'
      ? caller
      : /^(?:bearer|dpop) +(\S+)$/i.exec(caller.headers.authorization ?? '')?.[1];
  if (value === undefined || !/^[\x21-\x7E]{1,16384}$/.test(value))
    throw new M2mError(
      'subject_missing',
      'There is no access token to act on behalf of. Hand in one that a guard of this service has accepted.',
    );
  return new SubjectToken(value);
}
