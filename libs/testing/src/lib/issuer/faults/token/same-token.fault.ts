import { type TokenBehaviour } from './token-behaviour.js';

/** The token that this client was given last for this API, again and again, with what is left of its lifetime. */
export interface SameTokenFault {
  kind: 'same-token';
}

export const sameToken: TokenBehaviour<SameTokenFault> = { reuse: true };
