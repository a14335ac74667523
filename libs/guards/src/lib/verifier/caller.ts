/** The authenticated client, as a handler sees it. */
export interface Caller {
  /** The client that the token was issued to (RFC 8693 §4.3 `client_id`, or what the dialect calls it). */
  readonly clientId: string;
  /** The `sub` claim. For a machine-to-machine token often derived from the client id; key on `clientId`. */
  readonly subject: string;
  /** The `iss` claim, one of the configured issuers. */
  readonly issuer: string;
  /** The scopes of the token. */
  readonly scopes: ReadonlySet<string>;
  /** The audiences of the token. */
  readonly audience: readonly string[];
  /** When the token expires, in seconds since the epoch. */
  readonly expiresAt: number;
  /** Every claim of the token. */
  readonly claims: Readonly<Record<string, unknown>>;
}
