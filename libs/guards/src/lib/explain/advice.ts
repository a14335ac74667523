import type { AuthErrorCode } from '../errors/refusals.js';

/** What to do about each refusal, for the people who run the client, the service or the authorization server. */
export const advice: Readonly<Record<AuthErrorCode, string>> = {
  token_missing: 'Send the token as "Authorization: Bearer <token>".',
  request_malformed: 'Send one token, in one Authorization header, and nowhere else.',
  token_malformed:
    'Send the access token as the server gave it: three base64url segments, no quotes, no line breaks.',
  typ_not_allowed:
    'Send the access token, not an ID token; or choose the dialect that fits the authorization server.',
  alg_not_allowed: 'Have the authorization server sign with an allowed algorithm, or allow the one it uses.',
  crit_unsupported: 'Have the authorization server leave out the critical header extension.',
  key_unknown:
    'Check that the issuer publishes the key of this token; a token of another tenant or an old one is not accepted.',
  signature_invalid:
    'Get a new token; one that was changed, cut short or signed by another key is not accepted.',
  issuer_mismatch:
    'Compare AUTH_ISSUER with the iss of the token, character by character, the trailing slash included.',
  audience_mismatch: 'Have the client ask for this API: compare AUTH_AUDIENCE with the aud of the token.',
  token_expired: 'Get a new token; if it is new, compare the clocks.',
  token_not_active: 'Compare the clocks of issuer and service; or the token was withdrawn.',
  claim_missing: 'Have the authorization server send the claim, or choose the dialect that fits it.',
  claim_invalid: 'Look at the value of the claim; the dialect may not fit the authorization server.',
  sender_mismatch:
    'Send the token from the client that it is bound to, with its DPoP proof or its certificate.',
  scope_missing: 'Grant the scope to the client at the authorization server, and ask for it.',
  keys_unavailable:
    'Ask for that address from where the service runs, with curl: mend the way to it or the answer. ' +
    'If it is the wrong address, correct AUTH_ISSUER or AUTH_JWKS_URI, then try again.',
};

/** What to do about a client that `@CallerIs()` does not name, whose scopes are not what it lacks. */
export const callerAdvice =
  'Call the route as a client that its @CallerIs() names; or name this one there, with its issuer where it has to be.';
