import { clientGrants, type Contract } from '@countersign/contract';
import { type LoopbackApi, type LoopbackClient } from './options.js';

/**
 * The APIs and clients that a set of contracts describes, for {@link LoopbackIssuer.start}: every service is a
 * client, every service with an audience is an API, and the grants are what `calls` and `allows` agree on.
 *
 * @example
 * const { contracts } = loadContracts(root);
 * const issuer = await LoopbackIssuer.start(loopbackOptions(contracts.map(({ contract }) => contract)));
 */
export function loopbackOptions(contracts: readonly Contract[]): {
  apis: LoopbackApi[];
  clients: LoopbackClient[];
} {
  const grants = clientGrants(contracts);
  const apis = contracts.flatMap(({ audience, scopes, tokenLifetime }): LoopbackApi[] =>
    audience === undefined
      ? []
      : [{ audience, scopes: Object.keys(scopes), ...(tokenLifetime !== undefined && { tokenLifetime }) }],
  );
  const clients = contracts.map(({ service }): LoopbackClient => {
    const own = grants.filter(({ client }) => client === service);
    return {
      clientId: service,
      grants: Object.fromEntries(own.map(({ audience, scopes }) => [audience, scopes])),
    };
  });
  return { apis, clients };
}
