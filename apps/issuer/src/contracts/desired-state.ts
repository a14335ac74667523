import { clientGrants, type Contract } from '@countersign/contract';

/** Auth0's default lifetime of an access token, in seconds. */
export const defaultTokenLifetime = 86_400;

/** An API that a contract asks for. */
export interface DesiredApi {
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly { readonly value: string; readonly description: string }[];
  readonly tokenLifetime: number;
}

/** A grant that two contracts agree on. */
export interface DesiredGrant {
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
}

/** What the contracts ask the authorization server to hold. */
export interface DesiredState {
  readonly apis: readonly DesiredApi[];
  /** Client ids: one for each service. */
  readonly clients: readonly string[];
  readonly grants: readonly DesiredGrant[];
}

/** Derives APIs, clients and grants from the contracts: a client for each service, a grant for each agreed connection. */
export function desiredState(contracts: readonly Contract[]): DesiredState {
  return {
    apis: contracts.flatMap(({ audience, service, scopes, tokenLifetime }) =>
      audience === undefined
        ? []
        : [
            {
              identifier: audience,
              name: service,
              scopes: Object.entries(scopes).map(([value, description]) => ({ value, description })),
              tokenLifetime: tokenLifetime ?? defaultTokenLifetime,
            },
          ],
    ),
    clients: contracts.map(({ service }) => service),
    grants: clientGrants([...contracts]).map(({ client, audience, scopes }) => ({
      clientId: client,
      audience,
      scopes,
    })),
  };
}
