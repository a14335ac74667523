const shown = ['iss', 'sub', 'aud', 'azp', 'scope', 'gty', 'exp'] as const;

/** The claims of an access token that a person may see: never the token, never its signature. */
export function claimsToShow(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
  return Object.fromEntries(
    shown
      .filter((name) => name in claims)
      .map((name) => [
        name,
        name === 'exp' ? new Date(Number(claims[name]) * 1000).toISOString() : claims[name],
      ]),
  );
}
