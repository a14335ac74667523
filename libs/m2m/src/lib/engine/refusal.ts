import { M2mError, type M2mErrorCode } from '../errors/m2m-error.js';

/** What is known of a refusal of the token endpoint. */
export interface Refusal {
  readonly service: string;
  readonly audience: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly status: number;
  /** Whether a caller's token was to be exchanged. */
  readonly exchange?: boolean;
  /** `error` of RFC 6749 §5.2, where the answer had one. */
  readonly error?: string;
  /** `error_description`, in which nothing secret is left. */
  readonly description?: string;
  /** In seconds. */
  readonly retryAfter?: number;
}

/** The error for a refusal: its code says who must act, its message says what to do. */
export function refusalError(refusal: Refusal): M2mError {
  const { service, audience, clientId, issuer, status, error, description, retryAfter } = refusal;
  const code = codeOf(refusal);
  const said = printable([`status ${status}`, error, description].filter(Boolean).join(', '));
  const advice: Partial<Record<M2mErrorCode, string>> = {
    quota_exhausted: `the authorization server issues no more tokens to client ${clientId} for now. Wait, share the token cache, or raise the client's quota`,
    issuer_unreachable: `the authorization server ${issuer} cannot answer now. Look at its status`,
    scope_not_granted: `client ${clientId} was not granted every scope it needs. Add the scopes to its client grant for this API`,
    grant_missing: `client ${clientId} has no client grant for this API at ${issuer}. Check that the audience is registered there, and authorise the client for it`,
    client_rejected: isDpopError(error)
      ? `${issuer} did not take the DPoP proof of client ${clientId}. Check this machine's clock, and that the server supports DPoP with ES256`
      : `${issuer} rejected client ${clientId}. Check its id, its credentials and that the client-credentials grant is on`,
    subject_rejected: `${issuer} did not take the caller's token in exchange. Check that it is still valid, and that client ${clientId} may act on behalf of its users`,
    token_response_invalid: `${issuer} did not answer a token. Check AUTH_ISSUER and M2M_TOKEN_URL`,
  };
  return new M2mError(code, `${service} has no token for ${audience}: ${advice[code]} (${said}).`, {
    audience,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** What an exchange answers where the fault is with the caller's token (RFC 8693 §2.2.2, and Entra ID's own). */
const aboutSubject = new Set([
  'invalid_grant',
  'invalid_request',
  'interaction_required',
  'consent_required',
]);

function codeOf({ status, error, description = '', exchange = false }: Refusal): M2mErrorCode {
  if (status === 429) return 'quota_exhausted';
  if (status >= 500 || error === 'temporarily_unavailable' || error === 'server_error')
    return 'issuer_unreachable';
  if (exchange && error !== undefined && aboutSubject.has(error)) return 'subject_rejected';
  if (error === 'invalid_scope') return 'scope_not_granted';
  if (error === 'invalid_target' || /client-grant|not enabled within domain/i.test(description))
    return 'grant_missing';
  if (error === 'unauthorized_client' || error === 'invalid_client' || isDpopError(error) || status === 401)
    return 'client_rejected';
  return status === 403 ? 'grant_missing' : 'token_response_invalid';
}

const isDpopError = (error: string | undefined): boolean =>
  error === 'invalid_dpop_proof' || error === 'use_dpop_nonce';

/** Printable, short, and without anything that could be a secret or a token. */
const printable = (text: string): string =>
  text
    .replace(/[^\x20-\x7E]/g, '?')
    .replace(/[\w+/=~-]{32,}/g, '[redacted]')
    .slice(0, 300);
