import type { SubjectToken } from './subject-token.js';

/** What a token is asked for. */
export interface TokenRequest {
  /** The API's identifier (`audience` or RFC 8707 `resource`, as the provider wants it). */
  readonly audience: string;
  /** The scopes to ask for; none leaves it to the authorization server. */
  readonly scopes?: readonly string[];
  /** An Auth0 organization (`organization` parameter). */
  readonly organization?: string;
  /**
   * What the token is bound to: the thumbprint of a DPoP key (RFC 9449 §6.1), of a client certificate (RFC 8705 §3.1),
   * or both. Such a token is held by this process alone.
   */
  readonly confirmation?: string;
  /** On whose behalf the token is asked for (RFC 8693). Such a token is held by this process alone. */
  readonly subject?: SubjectToken;
}

/** How long a caller will wait and how long the token must live. */
export interface GetTokenOptions extends TokenRequest {
  /** The least time that the token must still live, in milliseconds. Default 0; half of the lifetime is the most. */
  readonly minTtl?: number;
  /** Ends this caller's wait, and nobody else's. */
  readonly signal?: AbortSignal;
}

/**
 * Everything that tells the tokens of one client apart, as one string. The order of scopes and repeats do not count.
 * Lengths come first, so that no name can pass for two.
 */
export function tokenKey(request: TokenRequest): string {
  const { audience, scopes = none, organization = '', confirmation, subject } = request;
  const names = isSorted(scopes) ? scopes : [...new Set(scopes)].sort();
  const key = `${audience.length} ${organization.length} ${audience}${organization}${names.join(' ')}`;
  if (confirmation === undefined && subject === undefined) return key;
  const { length } = confirmation ?? '';
  return `bound ${length} ${confirmation ?? ''}${subject?.fingerprint ?? ''} ${key}`;
}

const none: readonly string[] = [];

function isSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index++)
    if ((names[index - 1] as string) >= (names[index] as string)) return false;
  return true;
}

/** A copy that nobody else changes, of what belongs to the request alone. */
export function copyOf({
  audience,
  scopes,
  organization,
  confirmation,
  subject,
}: TokenRequest): TokenRequest {
  return {
    audience,
    ...(scopes && { scopes: [...scopes] }),
    ...(organization !== undefined && { organization }),
    ...(confirmation !== undefined && { confirmation }),
    ...(subject && { subject }),
  };
}
