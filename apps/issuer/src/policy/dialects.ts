/** How the access tokens of an API look, by Auth0's names. */
export const dialects = [
  'access_token',
  'access_token_authz',
  'rfc9068_profile',
  'rfc9068_profile_authz',
] as const;

/** One of {@link dialects}. */
export type Dialect = (typeof dialects)[number];

/** Whether a text names a dialect. */
export const isDialect = (text: string): text is Dialect => (dialects as readonly string[]).includes(text);

/** The algorithms that sign access tokens (RFC 7518 §3.1). */
export const signingAlgs = ['RS256', 'PS256', 'ES256'] as const;

/** One of {@link signingAlgs}. */
export type SigningAlg = (typeof signingAlgs)[number];

/** Whether a text names a signature algorithm. */
export const isSigningAlg = (text: string): text is SigningAlg =>
  (signingAlgs as readonly string[]).includes(text);
