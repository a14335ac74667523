import type { Caller } from '../verifier/caller.js';

/** Clients of certain issuers: a client id is unique at its issuer only. */
export interface IssuerClients {
  readonly clients: readonly string[];
  /** The exact issuers, of which the token must come from one. */
  readonly issuers: readonly string[];
}

/** Clients of which the caller must be one: by their ids alone, or with their issuers. */
export type CallerGroup = readonly string[] | IssuerClients;

/** Whether a caller is one of the clients. */
export function isOneOf(
  group: CallerGroup,
  { clientId, issuer }: Pick<Caller, 'clientId' | 'issuer'>,
): boolean {
  if (!namesIssuers(group)) return group.includes(clientId);
  return group.clients.includes(clientId) && group.issuers.includes(issuer);
}

/** True for clients that are named with their issuers. */
export function namesIssuers(group: CallerGroup): group is IssuerClients {
  return 'issuers' in group;
}

/** The ids of the clients. */
export function clientsOf(group: CallerGroup): readonly string[] {
  return namesIssuers(group) ? group.clients : group;
}

/** The clients as the end of a sentence: `the client inventory of https://acme.eu.auth0.com/`. */
export function formatCallers(group: CallerGroup): string {
  const of = namesIssuers(group) ? ` of ${group.issuers.join(' or ')}` : '';
  return `the client ${clientsOf(group).join(' or ')}${of}`;
}
