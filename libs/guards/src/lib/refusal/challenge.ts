import type { AuthError } from '../errors/auth-error.js';

/** What a challenge says beside the error itself. */
export interface Challenge {
  /** The protection space (RFC 9110 §11.5). */
  readonly realm: string;
  /** Where the metadata of the resource server is (RFC 9728 §5.1). */
  readonly resourceMetadata?: string;
}

/**
 * The headers of a refusal: the challenge of RFC 6750 §3 for 400, 401 and 403, `Retry-After` for 503, and
 * `Cache-Control: no-store` for all of them. A request without credentials gets a challenge without an error.
 */
export function refusalHeaders(error: AuthError, challenge: Challenge): Record<string, string> {
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (error.status === 503) {
    headers['retry-after'] = String(error.retryAfter ?? 1);
    return headers;
  }
  headers['www-authenticate'] = wwwAuthenticate(error, challenge);
  return headers;
}

function wwwAuthenticate(error: AuthError, { realm, resourceMetadata }: Challenge): string {
  const parameters: [string, string | undefined][] = [
    ['realm', realm],
    ['error', error.error],
    ['error_description', error.error && error.message],
    ['scope', error.scopes && error.scopes.length > 0 ? error.scopes.join(' ') : undefined],
    ['resource_metadata', resourceMetadata],
  ];
  const written = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${quotedSafe(value)}"`],
  );
  return `Bearer ${written.join(', ')}`;
}

/** The characters that RFC 6750 §3 allows in these values need no escape; anything else becomes `'` or `?`. */
function quotedSafe(value: string): string {
  return value.replace(/["\\]/g, "'").replace(/[^\x20-\x7E]/g, '?');
}
