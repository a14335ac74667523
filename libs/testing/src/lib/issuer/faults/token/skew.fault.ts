import { type TokenBehaviour } from './token-behaviour.js';

/** The token's own `iat` and `exp` shifted by so many seconds, as from an issuer whose clock is off. */
export interface SkewFault {
  kind: 'skew';
  seconds: number;
}

export const skew: TokenBehaviour<SkewFault> = {
  mint: ({ seconds }, options) => ({
    ...options,
    issuedIn: (options.issuedIn ?? 0) + seconds,
    expiresIn: (options.expiresIn ?? 0) + seconds,
  }),
};
