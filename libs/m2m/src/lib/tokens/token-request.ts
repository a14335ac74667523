/** What a token is asked for. */
export interface TokenRequest {
  /** The API's identifier (`audience` or RFC 8707 `resource`, as the provider wants it). */
  readonly audience: string;
  /** The scopes to ask for; none leaves it to the authorization server. */
  readonly scopes?: readonly string[];
  /** An Auth0 organization (`organization` parameter). */
  readonly organization?: string;
}

/** How long a caller will wait and how long the token must live. */
export interface GetTokenOptions extends TokenRequest {
  /** The least time that the token must still live, in milliseconds. Default 0; half of the lifetime is the most. */
  readonly minTtl?: number;
  /** Ends this caller's wait, and nobody else's. */
  readonly signal?: AbortSignal;
}

/** Everything that tells the tokens of one client apart, as one string; the order of scopes does not count. */
export function tokenKey({ audience, scopes, organization }: TokenRequest): string {
  const sorted = scopes === undefined || scopes.length < 2 ? scopes : [...new Set(scopes)].sort();
  return JSON.stringify([audience, sorted ?? [], organization ?? '']);
}
