/** What keeps a text from being a URL to which a secret or a token may be sent; nothing where it is one. */
export function urlProblem(text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '') return 'is not set';
  if (!URL.canParse(text)) return 'must be an absolute http or https URL';
  const { protocol, username, password, search, hash } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return 'must be an http or https URL';
  if (username || password) return 'must hold no user name and no password';
  return search || hash ? 'must have no query and no fragment' : undefined;
}

/** Whether a text is the address of a Redis, `redis://` or with TLS `rediss://`. */
export const isRedisUrl = (text: unknown): boolean =>
  typeof text === 'string' && URL.canParse(text) && /^rediss?:\/\/[^/]/.test(text);
