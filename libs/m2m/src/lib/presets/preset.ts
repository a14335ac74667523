import type { Grant } from '../engine/grant.js';
import type { SubjectToken } from '../tokens/subject-token.js';
import type { TokenRequest } from '../tokens/token-request.js';
import { auth0 } from './auth0.js';
import { cognito } from './cognito.js';
import { entra } from './entra.js';
import { hydra } from './hydra.js';
import { keycloak } from './keycloak.js';
import { okta } from './okta.js';
import { rfc9068 } from './rfc9068.js';

/** How one kind of authorization server wants to be asked for a token. */
export interface Preset {
  /** How a client secret is sent where nothing else is said. */
  readonly secretMethod: 'client_secret_post' | 'client_secret_basic';
  /** Whose identifier goes into the `aud` of a client assertion (RFC 7523 §3). */
  readonly assertionAudience: 'issuer' | 'token_endpoint';
  /** The parameters of the token request beside the grant type and the client's authentication. */
  readonly parameters: (request: TokenRequest) => Record<string, string>;
  /** The grant by which a caller's token is exchanged; none where the server knows none. */
  readonly exchange?: (request: TokenRequest, subject: SubjectToken) => Grant;
  /** Whether the `scope` of a response names scopes the way they were asked for. */
  readonly echoesScopes: boolean;
}

/** The authorization servers that are known by name; `rfc9068` is any that follows the standards (RFC 8707 `resource`). */
export type ProviderName = 'auth0' | 'rfc9068' | 'keycloak' | 'okta' | 'entra' | 'cognito' | 'hydra';

/** The presets by provider. */
export const presets: Readonly<Record<ProviderName, Preset>> = {
  auth0,
  rfc9068,
  keycloak,
  okta,
  entra,
  cognito,
  hydra,
};
