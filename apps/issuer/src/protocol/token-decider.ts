import type { Actions } from '../actions/actions.js';
import type { TokenDecision, TokenPolicy } from '../policy/token-policy.js';
import { quotaHeader, retryAfter, type TokenQuotas } from '../quotas/token-quotas.js';
import { audienceMissing, proofMissing, quotaExceeded } from '../policy/token-refusal.js';
import type { TokenExchange } from './token-exchange.js';

/** What {@link TokenDecider} asks, in this order. */
export interface TokenDeciderParts {
  readonly policy: TokenPolicy;
  readonly quotas: TokenQuotas;
  readonly actions: Actions;
  /** As Actions read it: `event.tenant.id`. */
  readonly tenant: string;
}

/** Decides about one authenticated request: the policy, the proof of possession, the client's quota, the Actions. */
export class TokenDecider {
  constructor(private readonly parts: TokenDeciderParts) {}

  /**
   * Leaves in the exchange what the token is to say.
   *
   * @param proven whether the client proved possession of a key or a certificate
   * @throws {@link TokenRefusal}
   */
  async decide(exchange: TokenExchange, clientId: string, proven: boolean): Promise<TokenDecision> {
    const { audience, scopes, organization, directory } = exchange;
    if (audience === undefined) throw audienceMissing();
    const decision = this.parts.policy.decide({ clientId, audience, scopes, organization }, directory);
    const { client, api } = decision;
    if ((client.requiresProofOfPossession || api.requiresProofOfPossession) && !proven) throw proofMissing();
    if (client.quota) await this.#takeFromQuota(exchange, decision);
    const { actions, tenant } = this.parts;
    const outcome = await actions.apply(directory.actions, {
      decision,
      request: exchange.facts,
      requestedScopes: scopes ?? [],
      tenant,
    });
    exchange.claims = outcome.claims;
    return (exchange.decision = { ...decision, scopes: outcome.scopes });
  }

  async #takeFromQuota(exchange: TokenExchange, { client }: TokenDecision): Promise<void> {
    const answer = await this.parts.quotas.take(client);
    if (!answer) return;
    exchange.headers = { 'Auth0-Client-Quota-Limit': quotaHeader(answer) };
    if (answer.exceeded && client.quota?.enforce) throw quotaExceeded(retryAfter(answer));
    exchange.overQuota = answer.exceeded;
  }
}
