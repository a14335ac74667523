/** One way in which a request may be refused. */
export interface Refusal {
  readonly status: number;
  /** Whose challenge holds the `error`. Default `Bearer`. */
  readonly scheme?: 'Bearer' | 'DPoP';
  /** `error` of the challenge (RFC 6750, section 3.1; RFC 9449, section 7.1); `undefined`: it must have none. */
  readonly error?:
    'invalid_request' | 'invalid_token' | 'insufficient_scope' | 'invalid_dpop_proof' | 'use_dpop_nonce';
  /** `code` of the body. */
  readonly code: string;
}

/** Why a token is not accepted: the codes of `invalid_token`. */
export type TokenFlaw =
  | 'token_malformed'
  | 'typ_not_allowed'
  | 'alg_not_allowed'
  | 'crit_unsupported'
  | 'key_unknown'
  | 'signature_invalid'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'token_expired'
  | 'token_not_active'
  | 'claim_missing'
  | 'claim_invalid'
  | 'sender_mismatch';

/** 401 without `error`: the request carries no bearer token (RFC 6750, section 3.1). */
export const missing: readonly Refusal[] = [{ status: 401, code: 'token_missing' }];

/** 400 `invalid_request`. */
export const malformedRequest: readonly Refusal[] = [
  { status: 400, error: 'invalid_request', code: 'request_malformed' },
];

/** A header that one reader takes for no token at all, and another for a malformed one. */
export const missingOrMalformed: readonly Refusal[] = [...missing, ...malformedRequest];

/** 403 `insufficient_scope`. */
export const insufficientScope: readonly Refusal[] = [
  { status: 403, error: 'insufficient_scope', code: 'scope_missing' },
];

/** 401 `invalid_token` with one of the codes. */
export function invalidToken(...flaws: TokenFlaw[]): readonly Refusal[] {
  return flaws.map((code) => ({ status: 401, error: 'invalid_token', code }));
}

/** A token that is unreadable either as a header value or as a JWT. */
export const unreadable: readonly Refusal[] = [...malformedRequest, ...invalidToken('token_malformed')];

/** 401 `invalid_token` in answer to the scheme `DPoP`, with one of the codes. */
export function invalidBoundToken(...flaws: TokenFlaw[]): readonly Refusal[] {
  return flaws.map((code) => ({ status: 401, scheme: 'DPoP', error: 'invalid_token', code }));
}

/** 401 `invalid_dpop_proof`: the proof itself is bad (RFC 9449, section 7.1). */
export const badProof: readonly Refusal[] = [
  { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof', code: 'sender_mismatch' },
];

/** 401 `use_dpop_nonce` (RFC 9449, section 9). */
export const nonceNeeded: readonly Refusal[] = [
  { status: 401, scheme: 'DPoP', error: 'use_dpop_nonce', code: 'sender_mismatch' },
];
