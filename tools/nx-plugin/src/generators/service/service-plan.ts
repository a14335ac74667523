import { getProjects, names, readJson, type Tree } from '@nx/devkit';
import { contractsOf } from '../../contracts/contracts-of.ts';
import { scopeNameProblem, serviceNameProblem } from '../../names/contract-rules.ts';
import type { ServiceGeneratorOptions } from './schema.d.ts';

/** The port of the local issuer; services follow it. */
const issuerPort = 4100;

/** Paths that every service answers itself. */
const takenPaths = new Set(['health', 'docs']);

/** What the templates of a service are filled with. */
export interface ServicePlan {
  name: string;
  title: string;
  /** npm scope of the workspace's packages, with the `@`. */
  npmScope: string;
  audience: string;
  port: number;
  /** Each scope with its description. */
  scopes: Record<string, string>;
  /** Path of the first resource. */
  resource: string;
  className: string;
  propertyName: string;
  readScope: string;
  /** Whoever may create; where no scope is for that, the resource can only be read. */
  writeScope: string | undefined;
}

/** Decides everything about a new service, or throws before anything is written. */
export function planService(tree: Tree, options: ServiceGeneratorOptions): ServicePlan {
  const { name } = options;
  const problem = serviceNameProblem(name) ?? takenProblem(tree, name);
  if (problem !== undefined) throw new Error(`No service can be named ${JSON.stringify(name)}. ${problem}`);

  const scopes = options.scopes.split(',').map((scope) => scope.trim());
  for (const scope of scopes) {
    const wrong = scopeNameProblem(scope);
    if (wrong !== undefined) throw new Error(`No scope can be named ${JSON.stringify(scope)}. ${wrong}`);
  }
  const [first = ''] = scopes;
  const resource = resourceOf(first) ?? name;
  const readScope = scopes.find((scope) => scope.startsWith('read:')) ?? first;
  const organisation = readJson<{ name: string }>(tree, 'package.json').name.replace(/^@[^/]*\//, '');
  return {
    name,
    title: titleOf(name),
    npmScope: `@${organisation}`,
    audience: `https://${name}.${organisation}.example`,
    port: nextPort(tree),
    scopes: Object.fromEntries(scopes.map((scope) => [scope, titleOf(scope)])),
    resource,
    className: names(resource).className,
    propertyName: names(resource).propertyName,
    readScope,
    writeScope: scopes.find((scope) => scope.startsWith('write:')),
  };
}

function takenProblem(tree: Tree, name: string): string | undefined {
  const services = contractsOf(tree).map(({ service }) => service);
  const projects = [...getProjects(tree).keys()].map((project) => project.replace(/^@[^/]*\//, ''));
  if (services.includes(name) || projects.includes(name)) return 'There is a project of this name.';
  return tree.exists(`apps/${name}`) ? `There is a folder apps/${name}.` : undefined;
}

/** `read:invoices` → `invoices`, where that can be a path and a file name. */
function resourceOf(scope: string): string | undefined {
  const resource = scope.slice(scope.lastIndexOf(':') + 1);
  return serviceNameProblem(resource) === undefined && !takenPaths.has(resource) ? resource : undefined;
}

/** `read:stock-levels` → `Read stock levels`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[:/_.-]+/g, ' ').trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** One more than the highest port in use, so that a port never moves from one service to another. */
const nextPort = (tree: Tree): number =>
  Math.max(issuerPort, ...contractsOf(tree).flatMap(({ port }) => port ?? [])) + 1;
