import type { Contract } from './contract.js';

/** The scopes that a client has on an API. */
export interface ClientGrant {
  /** Service name of the caller. */
  client: string;
  /** Service name of the callee. */
  api: string;
  /** The callee's audience. */
  audience: string;
  /** Sorted; never empty. */
  scopes: string[];
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What an authorization server should grant: what the caller needs (`calls`) as far as the callee consents (`allows`)
 * and owns it (`scopes`). Two contracts of one service name grant nothing and get nothing, since neither can be told
 * from the other.
 *
 * @returns one grant per connection, sorted by client and API
 */
export function clientGrants(contracts: readonly Contract[]): ClientGrant[] {
  const names = contracts.map(({ service }) => service);
  const distinct = contracts.filter(({ service }) => names.indexOf(service) === names.lastIndexOf(service));
  const byService = new Map(distinct.map((contract) => [contract.service, contract]));
  return distinct
    .flatMap((caller) =>
      Object.entries(caller.calls).flatMap(([api, needed]): ClientGrant[] => {
        const callee = byService.get(api);
        if (!callee?.audience || callee === caller || !Object.hasOwn(callee.allows, caller.service))
          return [];
        const allowed = new Set(callee.allows[caller.service]);
        const scopes = needed.filter((scope) => allowed.has(scope) && Object.hasOwn(callee.scopes, scope));
        if (scopes.length === 0) return [];
        return [{ client: caller.service, api, audience: callee.audience, scopes: scopes.sort(byText) }];
      }),
    )
    .sort((a, b) => byText(a.client, b.client) || byText(a.api, b.api));
}
