/** Error codes of a challenge: RFC 6750 §3.1, RFC 6749 §5.2 and, for DPoP, RFC 9449 §7.1 and §9. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'temporarily_unavailable'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce';

/** What a code means over HTTP. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 503;
  readonly error: OAuthErrorCode | undefined;
  readonly message: string;
}

const invalidToken = (message: string): Refusal => ({ status: 401, error: 'invalid_token', message });

/** Every refusal there is: its code, its HTTP status, its `error` and its default message. */
export const refusals = {
  token_missing: { status: 401, error: undefined, message: 'An access token is required.' },
  request_malformed: {
    status: 400,
    error: 'invalid_request',
    message: 'The request must carry exactly one access token, in the Authorization header.',
  },
  token_malformed: invalidToken('The access token is not a well-formed JWT.'),
  typ_not_allowed: invalidToken('A token of this type is not an access token of this issuer.'),
  alg_not_allowed: invalidToken('The access token is signed with an algorithm that is not allowed.'),
  crit_unsupported: invalidToken('The access token asks for an extension that is not supported.'),
  key_unknown: invalidToken('The access token is signed with a key that its issuer does not publish.'),
  signature_invalid: invalidToken('The signature of the access token does not verify.'),
  issuer_mismatch: invalidToken('The access token comes from an issuer that is not trusted here.'),
  audience_mismatch: invalidToken('The access token is meant for another audience.'),
  token_expired: invalidToken('The access token has expired.'),
  token_not_active: invalidToken('The access token is not active.'),
  claim_missing: invalidToken('The access token lacks a claim that is required.'),
  claim_invalid: invalidToken('A claim of the access token has a value that is not allowed.'),
  sender_mismatch: invalidToken('The access token is bound to another sender.'),
  scope_missing: { status: 403, error: 'insufficient_scope', message: 'The access token lacks a scope.' },
  keys_unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    message: 'The keys of the issuer cannot be fetched at the moment.',
  },
} as const satisfies Record<string, Refusal>;

/** The stable codes of an {@link AuthError}. */
export type AuthErrorCode = keyof typeof refusals;
