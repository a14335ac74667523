const prefix = 'urn:countersign:audience:';

/** The absolute URI under which the protocol engine knows an audience (RFC 8707 §2 asks for one; Auth0 does not). */
export const toResourceUri = (audience: string): string => `${prefix}${encodeURIComponent(audience)}`;

/** The audience behind the URI of {@link toResourceUri}. */
export const fromResourceUri = (uri: string): string => decodeURIComponent(uri.slice(prefix.length));
