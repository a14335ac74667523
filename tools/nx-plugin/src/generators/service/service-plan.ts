import { getProjects, names, type Tree } from '@nx/devkit';
import { chooseContract, contractsOf, type AppContract } from '../../contracts/contracts-of.ts';
import { messageUrlOf } from '../../contracts/message-url.ts';
import { scopeNameProblem, serviceNameProblem } from '../../names/contract-rules.ts';
import { parseConnections, splitList } from '../../names/scope-list.ts';
import { organisationOf } from '../../workspace/organisation.ts';
import { pluginVersion, type Stamp } from '../../workspace/stamp.ts';
import { chooseCallee, protoPackageOf, readScopeOf, requireScopes } from '../connection/connection-plan.ts';
import { choosePort } from './choose-port.ts';
import type { ServiceAdapter, ServiceGeneratorOptions, ServiceTransport } from './schema.d.ts';

/** Names that a first resource cannot have: paths that every service answers itself, and classes that every app has. */
const takenResources = new Set(['health', 'docs', 'app', 'auth', 'm2m']);

/** What the templates of a service are filled with. */
export interface ServicePlan {
  name: string;
  title: string;
  /** npm scope of the workspace's packages, with the `@`. */
  npmScope: string;
  /** Version of the libraries. */
  libVersion: string;
  /** The JSON Schema of contracts, from the service's folder. */
  schemaPath: string;
  audience: string;
  port: number;
  transport: ServiceTransport;
  adapter: ServiceAdapter;
  /** Where it takes messages on a laptop; nothing for HTTP only. */
  messageUrl: string | undefined;
  /** Package of its gRPC messages. */
  protoPackage: string;
  /** Each scope with its description. */
  scopes: Record<string, string>;
  /** Who may ask for which of them. */
  allows: Record<string, readonly string[]>;
  /** Whom it calls. */
  calls: { callee: AppContract; scopes: readonly string[] }[];
  /** Path of the first resource. */
  resource: string;
  className: string;
  propertyName: string;
  readScope: string;
  /** Whoever may create; where no scope is for that, the resource can only be read. */
  writeScope: string | undefined;
  stamp: Stamp;
}

/**
 * Decides everything about a new service.
 *
 * @throws Error with the reason or the choices, before anything is written
 */
export function planService(tree: Tree, options: ServiceGeneratorOptions): ServicePlan {
  const { name, transport = 'http', adapter = 'fastify' } = options;
  requireFreeName(tree, name);
  const contracts = contractsOf(tree);
  const scopes = ownScopes(options.scopes);
  const port = choosePort(contracts, options.port);
  const resource = resourceOf(scopes[0]) ?? name;
  const stamp: Stamp = { kind: 'service', version: pluginVersion, transport, adapter, resource };
  const organisation = organisationOf(tree);
  return {
    name,
    title: titleOf(name),
    npmScope: `@${organisation}`,
    libVersion: pluginVersion,
    schemaPath: schemaPathOf(tree),
    audience: `https://${name}.${organisation}.example`,
    port,
    transport,
    adapter,
    messageUrl: messageUrlOf({ port, stamp }),
    protoPackage: protoPackageOf(name),
    scopes: Object.fromEntries(scopes.map((scope) => [scope, titleOf(scope)])),
    allows: allowed(contracts, name, scopes, options.allows),
    calls: callsOf(contracts, name, options.calls),
    resource,
    className: names(resource).className,
    propertyName: names(resource).propertyName,
    readScope: readScopeOf(scopes) ?? '',
    writeScope: scopes.find((scope) => scope.startsWith('write:')),
    stamp,
  };
}

/** @throws Error where no app can have a name, or one has it */
export function requireFreeName(tree: Tree, name: string): void {
  const problem = serviceNameProblem(name) ?? takenProblem(tree, name);
  if (problem !== undefined) throw new Error(`No service can be named ${JSON.stringify(name)}. ${problem}`);
}

/** What a service calls, as an option says it: `inventory:read:stock,…`. */
export const callsOf = (contracts: readonly AppContract[], name: string, text: string | undefined) =>
  [...parseConnections('calls', text)].map(([service, scopes]) => ({
    callee: chooseCallee(contracts, name, service, scopes),
    scopes,
  }));

/** The JSON Schema of contracts from an app's folder: the library of the workspace, else the package. */
export const schemaPathOf = (tree: Tree): string =>
  tree.exists('libs/contract/contract.schema.json')
    ? '../../libs/contract/contract.schema.json'
    : '../../node_modules/@countersign/contract/contract.schema.json';

function allowed(
  contracts: readonly AppContract[],
  name: string,
  scopes: readonly string[],
  text: string | undefined,
): Record<string, readonly string[]> {
  const others = contracts.filter(({ service }) => service !== name);
  return Object.fromEntries(
    [...parseConnections('allows', text)].map(([client, asked]) => {
      chooseContract('client', others, client);
      requireScopes(name, Object.fromEntries(scopes.map((scope) => [scope, scope])), asked);
      return [client, asked];
    }),
  );
}

function ownScopes(text: string): string[] {
  const scopes = splitList(text);
  for (const scope of scopes) {
    const wrong = scopeNameProblem(scope);
    if (wrong !== undefined) throw new Error(`No scope can be named ${JSON.stringify(scope)}. ${wrong}`);
  }
  return scopes;
}

function takenProblem(tree: Tree, name: string): string | undefined {
  const services = contractsOf(tree).map(({ service }) => service);
  const projects = [...getProjects(tree).keys()].map((project) => project.replace(/^@[^/]*\//, ''));
  if (services.includes(name) || projects.includes(name)) return 'There is a project of this name.';
  return tree.exists(`apps/${name}`) ? `There is a folder apps/${name}.` : undefined;
}

/** `read:invoices` → `invoices`, where that can be a path and a file name. */
function resourceOf(scope = ''): string | undefined {
  const resource = scope.slice(scope.lastIndexOf(':') + 1);
  return serviceNameProblem(resource) === undefined && !takenResources.has(resource) ? resource : undefined;
}

/** `read:stock-levels` → `Read stock levels`. */
export function titleOf(name: string): string {
  const words = name.replaceAll(/[:/_.-]+/g, ' ').trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
