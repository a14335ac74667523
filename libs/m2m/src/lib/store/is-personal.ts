import type { MintedToken } from '../tokens/minted-token.js';
import type { TokenRequest } from '../tokens/token-request.js';

/**
 * Whether a token may be used by the process alone that asked for it: it is bound to a key (RFC 9449) or a certificate
 * (RFC 8705), by what was asked for, by its scheme or by its own `cnf` claim (RFC 7800), or it is on behalf of somebody.
 */
export function isPersonal({ confirmation, subject }: TokenRequest, minted?: MintedToken): boolean {
  if (confirmation !== undefined || subject !== undefined) return true;
  return minted !== undefined && (minted.scheme !== 'Bearer' || hasConfirmation(minted.value));
}

/** Reads the payload of a JWT without trusting it; a token that is no JWT has no claims to read. */
function hasConfirmation(value: string): boolean {
  const [, payload, signature] = value.split('.');
  if (payload === undefined || signature === undefined) return false;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null && 'cnf' in claims;
  } catch {
    return false;
  }
}
