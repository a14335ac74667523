import * as oauth from 'oauth4webapi';
import type { Preset } from '../presets/preset.js';
import { readSecret } from '../secrets/read-secret.js';
import type { SecretSource } from '../secrets/secret-source.js';
import { signingKey } from './signing-key.js';

/** The ways of {@link ClientAuthenticationMethod}, by their names in server metadata (RFC 8414 §2). */
export const clientAuthenticationMethods = [
  'client_secret_post',
  'client_secret_basic',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const;

/**
 * How a client shows at the token endpoint who it is: by a secret (RFC 6749 §2.3.1), or by the certificate of its
 * connection, issued by an authority that the server trusts or registered there itself (RFC 8705 §2).
 */
export type ClientAuthenticationMethod = (typeof clientAuthenticationMethods)[number];

/** What proves who the client is: a secret, with the other one during a rotation, a private key or its certificate. */
export interface ClientCredential {
  readonly clientSecret?: SecretSource;
  readonly nextClientSecret?: SecretSource;
  readonly privateKey?: SecretSource;
  readonly method: ClientAuthenticationMethod;
}

const bySecret = {
  client_secret_post: oauth.ClientSecretPost,
  client_secret_basic: oauth.ClientSecretBasic,
} as const;

/**
 * The ways to authenticate, in the order in which they are tried: the private key (RFC 7523, a fresh `jti` each time),
 * the certificate of the connection, or the secret and then the next one. Everything is read anew, so that a rotation
 * needs no restart.
 *
 * @throws Error where a secret cannot be read; the message holds nothing of it
 */
export async function clientAuthentications(
  { clientSecret, nextClientSecret, privateKey, method }: ClientCredential,
  { assertionAudience }: Preset,
  { token_endpoint: endpoint }: oauth.AuthorizationServer,
): Promise<oauth.ClientAuth[]> {
  if (privateKey !== undefined) {
    const key = await signingKey(await readSecret(privateKey, 'the private key'));
    return [
      oauth.PrivateKeyJwt(key, assertionAudience === 'token_endpoint' ? addressedTo(endpoint) : undefined),
    ];
  }
  if (method === 'tls_client_auth' || method === 'self_signed_tls_client_auth')
    return [oauth.TlsClientAuth()];
  const sources = [clientSecret, nextClientSecret].filter((source) => source !== undefined);
  const secrets = await Promise.all(sources.map((source) => readSecret(source, 'the client secret')));
  return [...new Set(secrets)].map((secret) => bySecret[method](secret));
}

/** Okta and others want the token endpoint's URL as the audience of an assertion, where most take the issuer. */
const addressedTo = (endpoint: string | undefined): oauth.ModifyAssertionOptions => ({
  [oauth.modifyAssertion]: (_header, payload) => {
    payload['aud'] = endpoint ?? payload['aud'];
  },
});
