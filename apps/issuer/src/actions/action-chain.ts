import type { TokenDecision } from '../policy/token-policy.js';
import type { Action } from './action.js';
import type { ActionAnswer } from './action-answer.js';
import { actionEvent, type RequestFacts } from './action-event.js';
import { ActionFailure } from './action-failure.js';
import type { HostPool } from './host-pool.js';
import { maskSecrets } from './mask-secrets.js';
import { isReservedClaim } from './reserved-claims.js';
import type { TriggerCache } from './trigger-cache.js';

/** What the Actions made of a decision. */
export interface ChainOutcome {
  /** Never more than the grant. */
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  /** Set where an Action denied the token; those after it did not run. */
  readonly denied?: { readonly action: string; readonly code: string; readonly reason: string };
  /** What is worth telling whoever wrote the Actions: their output, and claims that were not theirs to set. */
  readonly notes: readonly { readonly action: string; readonly note: string }[];
}

/** A decision, and what the request was. */
export interface ChainInput {
  readonly decision: TokenDecision;
  readonly request: RequestFacts;
  readonly requestedScopes: readonly string[];
  readonly tenant: string;
}

/** Runs Actions in their order, each on what the one before left. */
export class ActionChain {
  constructor(
    private readonly pool: Pick<HostPool, 'run'>,
    private readonly cache: TriggerCache,
  ) {}

  /** @throws {@link ActionFailure} when one of them does not answer */
  async run(actions: readonly Action[], input: ChainInput): Promise<ChainOutcome> {
    const { decision } = input;
    const notes: { action: string; note: string }[] = [];
    let { scopes } = decision;
    let claims: Record<string, unknown> = {};
    for (const action of actions) {
      const answer = await this.#runOne(action, input, scopes, claims);
      const { name } = action;
      if (answer.log !== '')
        notes.push({ action: name, note: maskSecrets(answer.log.trimEnd(), action.secrets) });
      for (const claim of Object.keys(answer.claims).filter(isReservedClaim))
        notes.push({ action: name, note: `the claim ${claim} is reserved and was not set` });
      if (answer.denied) return { scopes, claims, notes, denied: denialOf(action, answer.denied) };
      const own = Object.entries(answer.claims).filter(([claim]) => !isReservedClaim(claim));
      claims = { ...claims, ...Object.fromEntries(own) };
      if (answer.scopes) scopes = decision.granted.filter((scope) => answer.scopes!.includes(scope));
    }
    return { scopes, claims, notes };
  }

  async #runOne(
    action: Action,
    { decision, request, requestedScopes, tenant }: ChainInput,
    scopes: readonly string[],
    claims: Record<string, unknown>,
  ): Promise<ActionAnswer> {
    const { client, api, organization } = decision;
    const { secrets } = action;
    const audience = api.identifier;
    const event = actionEvent({
      client,
      audience,
      request,
      requestedScopes,
      scopes,
      claims,
      secrets,
      tenant,
      organization,
    });
    const cache = this.cache.entries();
    const answer = await this.pool.run(action, { event, cache, now: Date.now() }).catch((error: unknown) => {
      throw error instanceof ActionFailure ? error.masked(secrets) : error;
    });
    this.cache.merge(cache, answer.cache);
    return answer;
  }
}

function denialOf(
  { name, secrets }: Action,
  { code, reason }: NonNullable<ActionAnswer['denied']>,
): NonNullable<ChainOutcome['denied']> {
  return { action: name, code, reason: maskSecrets(reason, secrets) };
}
