import { type TokenBehaviour } from './token-behaviour.js';

/** A successful answer without `access_token`. */
export interface NoTokenFault {
  kind: 'no-token';
}

export const noToken: TokenBehaviour<NoTokenFault> = {
  body: (_fault, body) => ({ ...body, access_token: undefined }),
};
