import { type Contract } from '@countersign/contract';
import { type LoopbackApi, type LoopbackClient } from './options.js';

/** The services that a service calls, as its generated `callees` names them. */
export type CalleeTable = Readonly<
  Record<string, { readonly audience: string; readonly scopes: readonly string[] }>
>;

/**
 * What {@link LoopbackIssuer.start} needs for the tests of one service, out of what that service itself knows: its own
 * API and those that it calls; itself as a client that is granted what it asks of them, and each client that it allows.
 *
 * @param contract of the service
 * @param callees its generated `callees`; default none
 * @param options `clientSecret`: of the service's own client; default a random one
 * @example
 * await using issuer = await LoopbackIssuer.start(serviceLoopbackOptions(contract, callees));
 */
export function serviceLoopbackOptions(
  contract: Contract,
  callees: CalleeTable = {},
  options: { readonly clientSecret?: string } = {},
): { apis: LoopbackApi[]; clients: LoopbackClient[] } {
  const { audience, service, tokenLifetime } = contract;
  const own: LoopbackApi[] =
    audience === undefined
      ? []
      : [
          {
            audience,
            scopes: Object.keys(contract.scopes),
            ...(tokenLifetime !== undefined && { tokenLifetime }),
          },
        ];
  const called = Object.values(callees).map((callee) => ({
    audience: callee.audience,
    scopes: [...callee.scopes],
  }));
  const allowed = Object.entries(contract.allows).map(([clientId, scopes]) => ({
    clientId,
    grants: audience === undefined ? {} : { [audience]: scopes },
  }));
  return {
    apis: [...own, ...called],
    clients: [
      {
        clientId: service,
        ...(options.clientSecret !== undefined && { clientSecret: options.clientSecret }),
        grants: Object.fromEntries(called.map((callee) => [callee.audience, callee.scopes])),
      },
      ...allowed,
    ],
  };
}
