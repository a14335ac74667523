import { type TokenBehaviour } from './token-behaviour.js';

/** Another `token_type`. */
export interface TokenTypeFault {
  kind: 'token-type';
  value: unknown;
}

export const tokenType: TokenBehaviour<TokenTypeFault> = {
  body: ({ value }, body) => ({ ...body, token_type: value }),
};
