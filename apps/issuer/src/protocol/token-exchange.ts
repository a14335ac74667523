import type { TokenDecision } from '../policy/token-policy.js';
import type { Directory } from '../directory/directory.js';
import type { TokenRefusal } from '../policy/token-refusal.js';

/** One token request on its way through the protocol engine. */
export interface TokenExchange {
  /** What was true when the request arrived. */
  readonly directory: Directory;
  readonly clientId: string | undefined;
  readonly audience: string | undefined;
  readonly scopes: readonly string[] | undefined;
  /** Set when the policy has decided. */
  decision?: TokenDecision;
  /** Set when the request is refused by the policy. */
  refusal?: TokenRefusal;
}
