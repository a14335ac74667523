import { join } from 'node:path';
import { generateFiles, OverwriteStrategy, readJson, updateJson, type Tree } from '@nx/devkit';
import { contractsOf } from '../../contracts/contracts-of.ts';
import { organisationOf } from '../../workspace/organisation.ts';
import {
  addPackages,
  addToSolution,
  addTsReference,
  removeFromSolution,
  removePackage,
  removeTsReference,
} from '../../workspace/packages.ts';
import { pluginVersion } from '../../workspace/stamp.ts';
import { pascal } from './operation-names.ts';

const folder = 'libs/clients';

/** The folder of the client library of a service, from the workspace's root. */
export const clientRoot = (service: string): string => `${folder}/${service}`;

/** The file of a client library that is generated from the document. */
export const clientFile = (service: string): string => `${clientRoot(service)}/src/${service}.client.gen.ts`;

/** The package of the client library of a service. */
export const clientPackage = (tree: Tree, service: string): string =>
  `@${organisationOf(tree)}/${service}-client`;

interface RootManifest {
  workspaces?: string[] | { packages?: string[] };
}

/** Writes what is missing of a client library beside its generated file, and makes it a part of the workspace. */
export function writeClientLibrary(tree: Tree, service: string): void {
  const root = clientRoot(service);
  generateFiles(
    tree,
    join(import.meta.dirname, 'files'),
    root,
    {
      service,
      name: pascal(service),
      packageName: clientPackage(tree, service),
      libVersion: pluginVersion,
      m2m: tree.exists('libs/m2m/tsconfig.lib.json'),
    },
    { overwriteStrategy: OverwriteStrategy.KeepExisting },
  );
  addToSolution(tree, root);
  updateJson<RootManifest>(tree, 'package.json', (manifest) => {
    const { workspaces = [] } = manifest;
    const globs = Array.isArray(workspaces) ? workspaces : (workspaces.packages ?? []);
    if (globs.includes(`${folder}/*`)) return manifest;
    const more = [...globs, `${folder}/*`];
    return { ...manifest, workspaces: Array.isArray(workspaces) ? more : { ...workspaces, packages: more } };
  });
}

/** Makes an app use the client library of a service. */
export function useClientLibrary(tree: Tree, app: string, service: string): void {
  writeClientLibrary(tree, service);
  const { version } = readJson<{ version: string }>(tree, `${clientRoot(service)}/package.json`);
  addPackages(tree, app, { dependencies: { [clientPackage(tree, service)]: version } });
  addTsReference(tree, app, clientRoot(service));
}

/** Makes an app do without the client library of a service. */
export function dropClientLibrary(tree: Tree, app: string, service: string): void {
  removePackage(tree, app, clientPackage(tree, service));
  removeTsReference(tree, app, clientRoot(service));
}

/** Takes the client libraries of services away that no contract calls and no package depends on. */
export function removeUnusedClients(tree: Tree, services: readonly string[]): void {
  const called = new Set(contractsOf(tree).flatMap(({ calls }) => Object.keys(calls)));
  const unused = services.filter(
    (service) =>
      !called.has(service) &&
      tree.exists(clientRoot(service)) &&
      !isDependedOn(tree, clientPackage(tree, service)),
  );
  for (const root of unused.map(clientRoot)) {
    tree.delete(root);
    removeFromSolution(tree, root);
  }
}

interface Manifest {
  dependencies?: object;
  peerDependencies?: object;
  devDependencies?: object;
}

function isDependedOn(tree: Tree, name: string): boolean {
  const parents = ['apps', 'libs', folder, 'tools'];
  const roots = parents.flatMap((parent) => tree.children(parent).map((child) => `${parent}/${child}`));
  return roots
    .filter((root) => tree.exists(`${root}/package.json`))
    .map((root) => readJson<Manifest>(tree, `${root}/package.json`))
    .some(({ dependencies, peerDependencies, devDependencies }) =>
      Object.hasOwn({ ...dependencies, ...peerDependencies, ...devDependencies }, name),
    );
}
