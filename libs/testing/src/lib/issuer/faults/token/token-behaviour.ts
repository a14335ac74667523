import { type MintOptions } from '../../../tokens/mint.js';
import { type DpopProof } from '../../dpop-proof.js';
import { type Answer } from '../../http-exchange.js';

/** The members of a successful token answer (RFC 6749, section 5.1). */
export type TokenAnswerBody = Readonly<Record<string, unknown>>;

/** How a fault of the token endpoint shows, at each step of a token request. */
export interface TokenBehaviour<F> {
  /** Refuses the request before anything of it is looked at. */
  readonly refuse?: (fault: F) => Answer;
  /** Refuses a request whose DPoP proof holds. */
  readonly refuseProof?: (fault: F, proof: DpopProof) => Answer | undefined;
  /** Hands out the token of before, where there is one, in place of a new one. */
  readonly reuse?: true;
  /** Changes what is minted. */
  readonly mint?: (fault: F, options: MintOptions) => MintOptions;
  /** Changes the body of the answer that carries the token. */
  readonly body?: (fault: F, body: TokenAnswerBody) => TokenAnswerBody;
  /** Adds headers to the answer that carries the token. */
  readonly headers?: (fault: F) => Record<string, string>;
}
