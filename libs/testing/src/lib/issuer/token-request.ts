import { type ClientAuthenticationMethod } from './request-log.js';

/** The parameters of a token request. */
export type TokenParameters = Readonly<Record<string, unknown>>;

/** The parameters of a form or JSON body; `undefined` when it cannot be read. */
export function readParameters(contentType: string | undefined, body: string): TokenParameters | undefined {
  if (!contentType?.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(body));
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const credentials = new Set(['client_secret', 'client_assertion', 'subject_token', 'actor_token']);

/** What may be kept of them. */
export function withoutCredentials(parameters: TokenParameters): TokenParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !credentials.has(name)));
}

/** How the client of a request authenticates itself. */
export function authenticationMethod(
  authorization: string | undefined,
  parameters: TokenParameters,
  certificate: string | undefined,
): ClientAuthenticationMethod {
  if ('client_assertion' in parameters) return 'private_key_jwt';
  if (authorization !== undefined) return 'client_secret_basic';
  if ('client_secret' in parameters) return 'client_secret_post';
  return certificate === undefined ? 'none' : 'tls_client_auth';
}
