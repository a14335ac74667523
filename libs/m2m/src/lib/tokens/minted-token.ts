import type { QuotaBucket } from './token-event.js';
import type { TokenRequest } from './token-request.js';

/** A token as the authorization server answered it. */
export interface MintedToken {
  readonly value: string;
  /** The authentication scheme, `Bearer` (RFC 6750). */
  readonly scheme: string;
  /** What was granted. */
  readonly scopes: readonly string[];
  /** `expires_in` as it came, of whatever type. */
  readonly expiresIn: unknown;
  /** What is left of the client's quota, where the server says it. */
  readonly quota?: readonly QuotaBucket[];
}

/** One request for a token, with no retry and no memory. Rejects with an `M2mError`. */
export interface TokenEndpoint {
  mint(request: TokenRequest, signal: AbortSignal): Promise<MintedToken>;
}
