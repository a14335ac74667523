import { join } from 'node:path';
import { generateFiles, OverwriteStrategy, updateJson, type Tree } from '@nx/devkit';
import { organisationOf } from '../../workspace/organisation.ts';
import { addToSolution, removeFromSolution } from '../../workspace/packages.ts';
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

/** Takes the client library of a service away. */
export function removeClientLibrary(tree: Tree, service: string): void {
  if (!tree.exists(clientRoot(service))) return;
  tree.delete(clientRoot(service));
  removeFromSolution(tree, clientRoot(service));
}
