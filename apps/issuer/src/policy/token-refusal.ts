/** Why no token was issued, as a name that does not change between versions. */
export type RefusalReason =
  | 'request_malformed'
  | 'audience_missing'
  | 'audience_unknown'
  | 'client_unknown'
  | 'client_unauthenticated'
  | 'grant_type_not_allowed'
  | 'grant_missing'
  | 'scope_not_granted';

/** A token request that is refused, with the status and the body that Auth0 answers (RFC 6749 §5.2). */
export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal';

  constructor(
    readonly reason: RefusalReason,
    readonly status: number,
    /** The OAuth error code. */
    readonly error: string,
    /** The `error_description`. */
    readonly description: string,
  ) {
    super(`${error}: ${description}`);
  }
}

/** A request that is not one token request. */
export const malformed = (description: string) =>
  new TokenRefusal('request_malformed', 400, 'invalid_request', description);

/** A request that names no API. */
export const audienceMissing = () =>
  new TokenRefusal(
    'audience_missing',
    403,
    'access_denied',
    'No audience parameter was provided, and no default audience has been configured',
  );

/** A request for an API that does not exist. */
export const audienceUnknown = (audience: string) =>
  new TokenRefusal(
    'audience_unknown',
    403,
    'access_denied',
    `Service not enabled within domain: ${audience}`,
  );

/** A client that has no grant on the API. */
export const grantMissing = (audience: string) =>
  new TokenRefusal(
    'grant_missing',
    403,
    'access_denied',
    `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API.`,
  );

/** A client that asks for scopes beyond its grant. */
export const scopeNotGranted = (scopes: readonly string[]) =>
  new TokenRefusal(
    'scope_not_granted',
    403,
    'access_denied',
    `Client has not been granted scopes: ${scopes.join(', ')}`,
  );

/** A client that may not use the grant type. */
export const grantTypeNotAllowed = (grantType: string) =>
  new TokenRefusal(
    'grant_type_not_allowed',
    403,
    'unauthorized_client',
    `Grant type '${grantType}' not allowed for the client.`,
  );

/** A client that is unknown, or that could not prove who it is. */
export const unauthenticated = (reason: 'client_unknown' | 'client_unauthenticated') =>
  new TokenRefusal(reason, 401, 'access_denied', 'Unauthorized');
