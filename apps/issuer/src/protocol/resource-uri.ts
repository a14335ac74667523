/** The absolute URI under which the protocol engine knows an audience (RFC 8707 §2 asks for one; Auth0 does not). */
export const toResourceUri = (audience: string): string =>
  `urn:countersign:audience:${encodeURIComponent(audience)}`;
