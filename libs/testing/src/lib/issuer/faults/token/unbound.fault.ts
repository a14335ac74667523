import { type TokenBehaviour } from './token-behaviour.js';

/**
 * A bearer token that is bound to nobody, although the client proved a key or a certificate: what a server answers that
 * does not know DPoP (RFC 9449, section 5) or mTLS (RFC 8705, section 3).
 */
export interface UnboundFault {
  kind: 'unbound';
}

export const unbound: TokenBehaviour<UnboundFault> = {
  mint: (_fault, { claims, ...options }) => ({ ...options, claims: { ...claims, cnf: undefined } }),
  body: (_fault, body) => ({ ...body, token_type: 'Bearer' }),
};
