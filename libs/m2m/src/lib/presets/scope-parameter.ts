import type { TokenRequest } from '../tokens/token-request.js';

/** The `scope` parameter (RFC 6749 §3.3), left out where no scope is asked for. */
export const scopeParameter = ({ scopes = [] }: TokenRequest): Record<string, string> =>
  scopes.length > 0 ? { scope: scopes.join(' ') } : {};
