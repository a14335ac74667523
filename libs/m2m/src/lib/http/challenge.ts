/** What a `WWW-Authenticate: Bearer` challenge says (RFC 6750 §3). */
export interface BearerChallenge {
  readonly error?: string;
  readonly scope?: string;
}

/** A name begins where none does before it, so that a long one is looked at once. */
const parameter = /(?<![a-z_])([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/** Reads the `error` and `scope` of a Bearer or DPoP challenge; anything else reads as empty. */
export function bearerChallenge(header: unknown): BearerChallenge {
  const text = Array.isArray(header) ? header.join(', ') : header;
  if (typeof text !== 'string' || text.length > 8_192 || !/\b(bearer|dpop)\b/i.test(text)) return {};
  const found: Record<string, string> = {};
  for (const [, name = '', quoted, token] of text.matchAll(parameter)) {
    found[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? token ?? '';
  }
  const { error, scope } = found;
  return { ...(error === undefined ? {} : { error }), ...(scope === undefined ? {} : { scope }) };
}
