import { names } from '@nx/devkit';
import { chooseContract, listNames, type AppContract } from '../../contracts/contracts-of.ts';
import { messageUrlOf } from '../../contracts/message-url.ts';
import type { ServiceTransport } from '../service/schema.d.ts';

/** What the templates of a connection are filled with. */
export interface ConnectionPlan {
  caller: string;
  callee: string;
  /** Whether the caller answers calls, or is a pure client. */
  kind: 'service' | 'client';
  /** How the callee is reached. */
  transport: ServiceTransport;
  /** Address of the callee's messages on a laptop. */
  messageUrl: string | undefined;
  calleeClass: string;
  calleeProperty: string;
  /** The callee in an error code: `stock_ledger`. */
  calleeCode: string;
  /** The callee in a variable: `STOCK_LEDGER`. */
  calleeVariable: string;
  /** Package of its gRPC messages. */
  protoPackage: string;
  /** Its first resource, where the connection may read it. */
  resource: string | undefined;
  resourceClass: string;
}

/** What a new or wider connection is between. */
export interface Connection {
  readonly caller: AppContract;
  readonly callee: AppContract;
  readonly scopes: readonly string[];
}

/**
 * Finds both ends of a connection, or throws before anything is written.
 *
 * @throws Error that lists the choices where a name or a scope is unknown
 */
export function chooseConnection(
  contracts: readonly AppContract[],
  from: string,
  to: string,
  scopes: readonly string[],
): Connection {
  const caller = chooseContract('service', contracts, from);
  return { caller, callee: chooseCallee(contracts, from, to, scopes), scopes };
}

/** As {@link chooseConnection}, for a caller that is not there yet. */
export function chooseCallee(
  contracts: readonly AppContract[],
  from: string,
  to: string,
  scopes: readonly string[],
): AppContract {
  const callable = contracts.filter(({ audience, service }) => audience !== undefined && service !== from);
  const callee = chooseContract('callable service', callable, to);
  requireScopes(to, callee.scopes, scopes);
  return callee;
}

/** @throws Error that lists the scopes of a service where one of those that are asked for is not among them */
export function requireScopes(service: string, owned: object, scopes: readonly string[]): void {
  const unknown = scopes.find((scope) => !Object.hasOwn(owned, scope));
  if (unknown === undefined) return;
  throw new Error(
    `${service} owns no scope ${JSON.stringify(unknown)}. Its scopes: ${listNames(Object.keys(owned))}.`,
  );
}

/** The scope for reading among those of a service: the first that begins with `read:`, else the first. */
export const readScopeOf = (scopes: readonly string[]): string | undefined =>
  scopes.find((scope) => scope.startsWith('read:')) ?? scopes[0];

/** The package of the gRPC messages of a service. */
export const protoPackageOf = (service: string): string => service.replaceAll('-', '_');

/** Decides everything about a connection. */
export function planConnection({ caller, callee, scopes }: Connection): ConnectionPlan {
  const { service, stamp } = callee;
  const transport = stamp?.transport ?? 'http';
  const readScope = readScopeOf(Object.keys(callee.scopes));
  const readable = transport === 'grpc' || (readScope !== undefined && scopes.includes(readScope));
  return {
    caller: caller.service,
    callee: service,
    kind: caller.audience === undefined ? 'client' : 'service',
    transport,
    messageUrl: messageUrlOf(callee),
    calleeClass: names(service).className,
    calleeProperty: names(service).propertyName,
    calleeCode: service.replaceAll('-', '_'),
    calleeVariable: service.replaceAll('-', '_').toUpperCase(),
    protoPackage: protoPackageOf(service),
    resource: readable ? stamp?.resource : undefined,
    resourceClass: names(stamp?.resource ?? service).className,
  };
}
