import { json } from '../../http-exchange.js';
import { type TokenBehaviour } from './token-behaviour.js';

/** 400 `use_dpop_nonce` with this nonce until a proof carries it (RFC 9449, section 8). */
export interface DpopNonceFault {
  kind: 'dpop-nonce';
  nonce: string;
  /** The nonce that a successful answer gives for the request after it (RFC 9449, section 8.2). Default: none. */
  next?: string;
}

export const dpopNonce: TokenBehaviour<DpopNonceFault> = {
  refuseProof: ({ nonce }, proof) =>
    proof.nonce === nonce
      ? undefined
      : json(
          400,
          { error: 'use_dpop_nonce', error_description: 'Authorization server requires nonce in DPoP proof' },
          { 'dpop-nonce': nonce },
        ),
  headers: ({ next }): Record<string, string> => (next === undefined ? {} : { 'dpop-nonce': next }),
};
