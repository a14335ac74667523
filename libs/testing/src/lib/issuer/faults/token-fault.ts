import { clientQuota, type ClientQuotaFault } from './token/client-quota.fault.js';
import { dpopNonce, type DpopNonceFault } from './token/dpop-nonce.fault.js';
import { expiresIn, type ExpiresInFault } from './token/expires-in.fault.js';
import { noToken, type NoTokenFault } from './token/no-token.fault.js';
import { oauthErrorAnswer, type OAuthErrorFault } from './token/oauth-error.fault.js';
import { sameToken, type SameTokenFault } from './token/same-token.fault.js';
import { otherScope, type ScopeFault } from './token/scope.fault.js';
import { skew, type SkewFault } from './token/skew.fault.js';
import { tokenType, type TokenTypeFault } from './token/token-type.fault.js';
import { unbound, type UnboundFault } from './token/unbound.fault.js';
import { type TokenAnswerBody, type TokenBehaviour } from './token/token-behaviour.js';
import { type MintOptions } from '../../tokens/mint.js';
import { type DpopProof } from '../dpop-proof.js';
import { type Answer } from '../http-exchange.js';

/** Faults of the token endpoint. */
export type TokenFault =
  | OAuthErrorFault
  | SameTokenFault
  | ExpiresInFault
  | SkewFault
  | ScopeFault
  | TokenTypeFault
  | NoTokenFault
  | DpopNonceFault
  | UnboundFault
  | ClientQuotaFault;

const behaviours: { readonly [K in TokenFault['kind']]: TokenBehaviour<Extract<TokenFault, { kind: K }>> } = {
  'oauth-error': oauthErrorAnswer,
  'same-token': sameToken,
  'expires-in': expiresIn,
  skew,
  scope: otherScope,
  'token-type': tokenType,
  'no-token': noToken,
  'dpop-nonce': dpopNonce,
  unbound,
  'client-quota': clientQuota,
};

/** Whether a fault is one of the token endpoint's own. */
export function isTokenFault(fault: { readonly kind: string } | undefined): fault is TokenFault {
  return fault !== undefined && Object.hasOwn(behaviours, fault.kind);
}

/** What a fault changes about one token request; nothing where there is no fault. */
export interface TokenSpoiler {
  readonly reuse: boolean;
  readonly refuse: () => Answer | undefined;
  readonly refuseProof: (proof: DpopProof) => Answer | undefined;
  readonly mint: (options: MintOptions) => MintOptions;
  readonly body: (body: TokenAnswerBody) => TokenAnswerBody;
  readonly headers: () => Record<string, string>;
}

/** The behaviour of a fault, with the fault filled in. */
export function spoilerOf(fault: TokenFault | undefined): TokenSpoiler {
  const how: TokenBehaviour<TokenFault> = fault ? (behaviours[fault.kind] as TokenBehaviour<TokenFault>) : {};
  const given = fault as TokenFault;
  return {
    reuse: how.reuse ?? false,
    refuse: () => how.refuse?.(given),
    refuseProof: (proof) => how.refuseProof?.(given, proof),
    mint: (options) => how.mint?.(given, options) ?? options,
    body: (body) => how.body?.(given, body) ?? body,
    headers: () => how.headers?.(given) ?? {},
  };
}
