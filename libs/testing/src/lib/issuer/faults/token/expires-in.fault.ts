import { type TokenBehaviour } from './token-behaviour.js';

/**
 * `expires_in` replaced: `undefined` leaves it out; text (`'600'`), `0`, `-1`, `null` or `1e12` are what real servers
 * have sent. The token itself is as it should be.
 */
export interface ExpiresInFault {
  kind: 'expires-in';
  value: unknown;
}

export const expiresIn: TokenBehaviour<ExpiresInFault> = {
  body: ({ value }, body) => ({ ...body, expires_in: value }),
};
