import type { RequestFacts } from '../actions/action-event.js';
import type { Fault } from '../faults/fault.js';
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
  /** Id or name. */
  readonly organization: string | undefined;
  readonly facts: RequestFacts;
  /** What goes wrong on purpose. */
  readonly faults: readonly Fault[];
  /** Set when the policy and the Actions have decided. */
  decision?: TokenDecision;
  /** What the Actions want the token to say. */
  claims?: Readonly<Record<string, unknown>>;
  /** Headers of the answer, such as the client's quota. */
  headers?: Readonly<Record<string, string>>;
  /** Whether the client is beyond a quota that is not enforced. */
  overQuota?: boolean;
  /** Set when the request is refused by the policy. */
  refusal?: TokenRefusal;
}
