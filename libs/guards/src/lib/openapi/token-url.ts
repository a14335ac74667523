import type { DialectName } from '../dialects/dialect.js';
import type { IssuerOptions } from '../verifier/options.js';

/** Where the token endpoint of each preset is, seen from the issuer. */
const TOKEN_PATHS: Readonly<Record<DialectName, string>> = {
  auth0: 'oauth/token',
  rfc9068: 'oauth2/token',
  keycloak: 'protocol/openid-connect/token',
  okta: 'v1/token',
  entra: '../oauth2/v2.0/token',
  cognito: 'oauth2/token',
  hydra: 'oauth2/token',
};

/** The token endpoint of an issuer by the convention of its dialect; that of Auth0 for a dialect of one's own. */
export function tokenUrlOf({ issuer, dialect }: IssuerOptions): string {
  const path = TOKEN_PATHS[typeof dialect === 'string' ? dialect : 'auth0'];
  return new URL(path, issuer.endsWith('/') ? issuer : `${issuer}/`).href;
}
