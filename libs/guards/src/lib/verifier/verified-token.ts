import type { Caller } from './caller.js';

/** What a token says about who may present it (`cnf`, RFC 7800 §3). */
export interface Confirmation {
  /** SHA-256 thumbprint of the DPoP key (RFC 9449 §6.1), base64url. */
  readonly jkt?: string;
  /** SHA-256 thumbprint of the client certificate (RFC 8705 §3.1), base64url. */
  readonly x5t?: string;
}

/** The JOSE header of a verified token. */
export interface TokenHeader {
  readonly alg: string;
  readonly kid?: string;
  readonly typ?: string;
}

/** An access token that passed every check. It is frozen and holds neither the token nor its signature. */
export interface VerifiedToken extends Caller {
  /** The `jti` claim. */
  readonly tokenId: string | undefined;
  /** When the token was issued, in seconds since the epoch. */
  readonly issuedAt: number | undefined;
  /** Who may present the token; `undefined` for a bearer token. */
  readonly confirmation: Confirmation | undefined;
  /** The header of the token. */
  readonly header: TokenHeader;
}
