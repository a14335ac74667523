import { clientAuthMethods } from '../directory/directory.js';

/**
 * What this authorization server can do (RFC 8414 §2, OpenID Connect Discovery §3): nothing that is not there.
 *
 * @param issuer the exact `iss`, trailing slash included
 */
export function discoveryDocument(issuer: string): Record<string, unknown> {
  const tls = issuer.startsWith('https:');
  return {
    issuer,
    token_endpoint: `${issuer}oauth/token`,
    jwks_uri: `${issuer}.well-known/jwks.json`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: clientAuthMethods.filter(
      (method) => tls || method !== 'self_signed_tls_client_auth',
    ),
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'PS256'],
    dpop_signing_alg_values_supported: ['ES256', 'Ed25519', 'EdDSA'],
    tls_client_certificate_bound_access_tokens: tls,
  };
}
