/** Where the endpoints of an issuer are. */
export interface IssuerAddresses {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly tokenUrl: string;
}

/** The issuer's metadata (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2). */
export function issuerMetadata(
  { issuer, jwksUri, tokenUrl }: IssuerAddresses,
  tls: boolean,
): Record<string, unknown> {
  const secretsAndKeys = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
  return {
    issuer,
    jwks_uri: jwksUri,
    token_endpoint: tokenUrl,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: tls
      ? [...secretsAndKeys, 'self_signed_tls_client_auth']
      : secretsAndKeys,
    tls_client_certificate_bound_access_tokens: tls,
    dpop_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'],
  };
}
