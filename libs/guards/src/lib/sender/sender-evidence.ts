/** What a request brings to show that it comes from the client that its token is bound to. */
export interface SenderEvidence {
  /** The scheme of the `Authorization` header. */
  readonly scheme: 'Bearer' | 'DPoP';
  /** The one `DPoP` header of the request (RFC 9449 §4.1). Where there are several, the request is malformed. */
  readonly proof?: string;
  /**
   * Stands for the request: a proof that is checked several times for one request is used once. Default: every check
   * uses the proof up.
   */
  readonly request?: object;
  /** The method of the request, such as `POST`. */
  readonly method?: string;
  /** The absolute URL that the client asked for, as it saw it. */
  readonly url?: string;
  /** The SHA-256 thumbprint of the client certificate of the connection, base64url (RFC 8705 §3.1). */
  readonly certificateThumbprint?: string;
}
