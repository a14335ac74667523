/** Why no token was issued, as a name that does not change between versions. */
export type RefusalReason =
  | 'request_malformed'
  | 'audience_missing'
  | 'audience_unknown'
  | 'client_unknown'
  | 'client_unauthenticated'
  | 'temporarily_unavailable'
  | 'grant_type_not_allowed'
  | 'grant_missing'
  | 'scope_not_granted'
  | 'organization_unknown'
  | 'organization_required'
  | 'organization_not_allowed'
  | 'proof_missing'
  | 'quota_exceeded'
  | 'rate_limited'
  | 'fault_injected'
  | 'action_denied'
  | 'action_failed';

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
    /** What the event log says in place of the description. */
    readonly detail: string = description,
    /** Headers of the answer, such as `Retry-After`. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${error}: ${description}`);
  }

  /** The same refusal, answered with further headers. */
  with(headers: Readonly<Record<string, string>>): TokenRefusal {
    const { reason, status, error, description, detail } = this;
    return new TokenRefusal(reason, status, error, description, detail, { ...this.headers, ...headers });
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

/** A request that comes while too many secrets are being checked. */
export const secretsBusy = (description: string) =>
  new TokenRefusal('temporarily_unavailable', 503, 'temporarily_unavailable', description);

/** A request on behalf of an organization that does not exist. */
export const organizationUnknown = (organization: string) =>
  new TokenRefusal(
    'organization_unknown',
    400,
    'invalid_request',
    `The organization does not exist: ${printable(organization)}`,
  );

/** A request without the organization that the grant asks for. */
export const organizationRequired = (audience: string) =>
  new TokenRefusal(
    'organization_required',
    400,
    'invalid_request',
    `An organization is required for access to ${printable(audience)}`,
  );

/** A request on behalf of an organization that the grant does not cover. */
export const organizationNotAllowed = (organization: string) =>
  new TokenRefusal(
    'organization_not_allowed',
    403,
    'access_denied',
    `The client-grant does not cover the organization ${printable(organization)}`,
  );

/** A client whose tokens must be bound, and that proved possession of nothing. */
export const proofMissing = () =>
  new TokenRefusal(
    'proof_missing',
    400,
    'invalid_request',
    'The client must send a DPoP proof or present a certificate',
  );

/**
 * A client that has had its tokens of the hour or the day.
 *
 * @param retryAfter seconds
 */
export const quotaExceeded = (retryAfter: number) =>
  tooMany('quota_exceeded', 'Client quota exceeded', { 'Retry-After': String(retryAfter) });

/**
 * A client or an address that asks too often.
 *
 * @param limit requests a second
 * @param retryAfter seconds
 */
export const rateLimited = (limit: number, retryAfter: number) =>
  tooMany('rate_limited', 'Global limit has been reached', {
    'Retry-After': String(retryAfter),
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(Math.ceil(Date.now() / 1000) + retryAfter),
  });

const tooMany = (
  reason: 'quota_exceeded' | 'rate_limited',
  description: string,
  headers: Readonly<Record<string, string>>,
) => new TokenRefusal(reason, 429, 'too_many_requests', description, description, headers);

/** The errors with which an Action may deny a token, and their status. */
const denials: Readonly<Record<string, number>> = {
  invalid_scope: 400,
  invalid_request: 400,
  server_error: 500,
};

/**
 * A token that an Action denies (`api.access.deny`).
 *
 * @param code `invalid_scope`, `invalid_request` or `server_error`; any other is `server_error`
 * @param action its name, for the event log
 */
export function actionDenied(code: string, reason: string, action: string): TokenRefusal {
  const error = Object.hasOwn(denials, code) ? code : 'server_error';
  const description = printable(reason) || 'The token was denied.';
  return new TokenRefusal('action_denied', denials[error]!, error, description, `${action}: ${description}`);
}

/** An Action that did not answer: without it nobody knows what the token should say. */
export const actionFailed = (problem: string, status: 500 | 503) =>
  new TokenRefusal(
    'action_failed',
    status,
    status === 503 ? 'temporarily_unavailable' : 'server_error',
    printable(problem),
  );

/** What RFC 6749 §5.2 allows in an `error_description`, and no more than 300 characters of it. */
const printable = (text: string): string => text.replace(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, "'").slice(0, 300);
