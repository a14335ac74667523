import type { Grant } from '../engine/grant.js';
import type { SubjectToken } from '../tokens/subject-token.js';

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

/**
 * Token exchange (RFC 8693 §2.1): a token of the caller for one that this client may use on the caller's behalf.
 *
 * @param parameters what names the API and the scopes, in the provider's words
 */
export const tokenExchangeGrant = (parameters: Record<string, string>, { value }: SubjectToken): Grant => ({
  type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  parameters: {
    ...parameters,
    subject_token: value,
    subject_token_type: accessToken,
    requested_token_type: accessToken,
  },
});
