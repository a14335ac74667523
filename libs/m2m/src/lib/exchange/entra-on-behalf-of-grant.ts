import type { Grant } from '../engine/grant.js';
import type { SubjectToken } from '../tokens/subject-token.js';

/** Entra ID's On-Behalf-Of flow: the caller's token as an assertion (RFC 7523 §2.1) with `requested_token_use`. */
export const entraOnBehalfOfGrant = (parameters: Record<string, string>, { value }: SubjectToken): Grant => ({
  type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  parameters: { ...parameters, assertion: value, requested_token_use: 'on_behalf_of' },
});
