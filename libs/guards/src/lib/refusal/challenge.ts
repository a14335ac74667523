import type { AuthError } from '../errors/auth-error.js';

/** What a challenge says beside the error itself. */
export interface Challenge {
  /** The protection space (RFC 9110 §11.5). */
  readonly realm: string;
  /** Where the metadata of the resource server is (RFC 9728 §5.1). */
  readonly resourceMetadata?: string;
  /** Where DPoP is spoken: the algorithms of its proofs, with spaces between (RFC 9449 §7.1). */
  readonly dpopAlgorithms?: string;
  /** False where the scheme `Bearer` is not spoken at all. Default true. */
  readonly bearer?: boolean;
}

/** A scheme that a request can carry its token under. */
export type AuthorizationScheme = 'Bearer' | 'DPoP';

type Parameters = readonly (readonly [name: string, value: string | undefined])[];

/**
 * The headers of a refusal: the challenge of RFC 6750 §3 for 400, 401 and 403, with that of RFC 9449 §7.1 where DPoP
 * is spoken, `DPoP-Nonce` (RFC 9449 §9), `Retry-After` for 503, and `Cache-Control: no-store` for all of them. A
 * request without credentials gets a challenge without an error.
 *
 * @param scheme the scheme that the request used: its challenge comes first and holds the error. Default `Bearer`
 */
export function refusalHeaders(
  error: AuthError,
  challenge: Challenge,
  scheme: AuthorizationScheme = 'Bearer',
): Record<string, string> {
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (error.status === 503) {
    headers['retry-after'] = String(error.retryAfter ?? 1);
    return headers;
  }
  headers['www-authenticate'] = challenges(error, challenge, scheme).join(', ');
  if (error.dpopNonce !== undefined) headers['dpop-nonce'] = error.dpopNonce;
  return headers;
}

function challenges(error: AuthError, challenge: Challenge, used: AuthorizationScheme): readonly string[] {
  const { bearer = true, dpopAlgorithms } = challenge;
  const spoken: AuthorizationScheme[] = [
    ...(bearer ? ['Bearer' as const] : []),
    ...(dpopAlgorithms ? ['DPoP' as const] : []),
  ];
  const first = spoken.includes(used) ? used : spoken[0];
  return spoken
    .sort((a, b) => Number(b === first) - Number(a === first))
    .map((scheme) => written(scheme, scheme === first ? error : undefined, challenge));
}

function written(
  scheme: AuthorizationScheme,
  error: AuthError | undefined,
  { realm, resourceMetadata, dpopAlgorithms }: Challenge,
): string {
  const scopes = error?.scopes ?? [];
  const parameters: Parameters = [
    ['realm', realm],
    ['error', error?.error],
    ['error_description', error?.error && error.message],
    ['scope', scopes.length > 0 ? scopes.join(' ') : undefined],
    ['algs', scheme === 'DPoP' ? dpopAlgorithms : undefined],
    ['resource_metadata', resourceMetadata],
  ];
  const list = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${quotedSafe(value)}"`],
  );
  return `${scheme} ${list.join(', ')}`;
}

/** The characters that RFC 6750 §3 allows in these values need no escape; anything else becomes `'` or `?`. */
function quotedSafe(value: string): string {
  return value.replace(/["\\]/g, "'").replace(/[^\x20-\x7E]/g, '?');
}
