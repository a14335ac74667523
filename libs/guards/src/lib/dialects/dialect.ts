import type { SignatureAlgorithm } from '../keys/algorithms.js';

/** The claims of a token, read strictly and not yet trusted in any way. */
export type Claims = Readonly<Record<string, unknown>>;

/** The presets that come with the package. */
export type DialectName = 'auth0' | 'rfc9068' | 'keycloak' | 'okta' | 'entra' | 'cognito' | 'hydra';

/**
 * How the access tokens of an authorization server look: where things are, never which checks are left out.
 *
 * @example
 * ```ts
 * const dialect: Dialect = { ...dialects.rfc9068, name: 'acme', clientIdClaims: ['acme_client'] };
 * ```
 */
export interface Dialect {
  /** Shown in errors and metrics. */
  readonly name: string;
  /** The values of the `typ` header of an access token, lower case, without `application/`. */
  readonly types: readonly string[];
  /** True where the server sends access tokens without a `typ` header. Default false. */
  readonly typeOptional?: boolean;
  /** The algorithms that are accepted where the issuer's options name none. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /** Claims that must be there beside `iss`, `sub`, `exp` and the client. */
  readonly requiredClaims: readonly string[];
  /** Claims that must have exactly this value, such as `token_use`. */
  readonly fixedClaims?: Readonly<Record<string, string | readonly string[]>>;
  /** Claims that hold the client id. Where several are present they must agree. */
  readonly clientIdClaims: readonly string[];
  /** Claims that hold scopes, as a space-separated string or a list. All of them count. */
  readonly scopeClaims: readonly string[];
  /**
   * Audiences of a token of a server that sends no `aud`. Asked only when the claim is absent; `aud` is required
   * where this is undefined.
   */
  readonly audienceWithoutClaim?: (claims: Claims) => readonly string[];
  /**
   * Turns the scopes of the claims into those of the contract, for a server that qualifies them with the audience.
   *
   * @param scopes as they stand in the claims
   * @param audiences the audiences of the verifier
   */
  readonly localScopes?: (scopes: readonly string[], audiences: readonly string[]) => readonly string[];
}
