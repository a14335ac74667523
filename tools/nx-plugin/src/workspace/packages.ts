import { updateJson, type Tree } from '@nx/devkit';
import { join, relative } from 'node:path/posix';
import { pluginVersion } from './stamp.ts';

/** Packages that an app needs, with their ranges. */
export interface NeededPackages {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

type Manifest = Partial<Record<keyof NeededPackages, Record<string, string>>>;

const byTransport: Readonly<Record<'http' | 'nats' | 'tcp' | 'grpc', NeededPackages>> = {
  http: { peerDependencies: { '@nestjs/axios': '^12.0.0', axios: '^1.20.0', rxjs: '^7.8.0' } },
  tcp: { peerDependencies: { '@nestjs/microservices': '^12.0.0', rxjs: '^7.8.0' } },
  nats: {
    dependencies: { '@nats-io/transport-node': '^3.4.0' },
    peerDependencies: { '@nestjs/microservices': '^12.0.0', rxjs: '^7.8.0' },
  },
  grpc: {
    dependencies: { '@grpc/grpc-js': '^1.14.0', '@grpc/proto-loader': '^0.8.0' },
    peerDependencies: { '@nestjs/microservices': '^12.0.0', rxjs: '^7.8.0' },
  },
};

/** What an app needs to call a service that is reached by a transport. */
export function callerPackages(transport: keyof typeof byTransport): NeededPackages {
  const { dependencies, peerDependencies } = byTransport[transport];
  return {
    dependencies: {
      '@countersign/bootstrap': pluginVersion,
      '@countersign/m2m': pluginVersion,
      // For M2M_REDIS_URL.
      ioredis: '^5.11.1',
      tslib: '^2.9.1',
      zod: '^4.6.7',
      ...dependencies,
    },
    peerDependencies: { '@nestjs/common': '^12.0.0', ...peerDependencies },
  };
}

const sorted = (packages: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Adds packages to those of an app; a range that is there stays. */
export function addPackages(tree: Tree, root: string, needed: NeededPackages): void {
  if (!tree.exists(`${root}/package.json`)) return;
  updateJson<Manifest>(tree, `${root}/package.json`, (manifest) => {
    const changed = { ...manifest };
    for (const kind of ['dependencies', 'peerDependencies'] as const) {
      const present = manifest[kind] ?? {};
      const missing = Object.entries(needed[kind] ?? {}).filter(
        ([name]) => !Object.hasOwn({ ...manifest.dependencies, ...manifest.peerDependencies }, name),
      );
      if (missing.length > 0) changed[kind] = sorted({ ...present, ...Object.fromEntries(missing) });
    }
    return changed;
  });
}

/** Takes a package out of those of an app. */
export function removePackage(tree: Tree, root: string, name: string): void {
  if (!tree.exists(`${root}/package.json`)) return;
  updateJson<Manifest>(tree, `${root}/package.json`, (manifest) => {
    if (!Object.hasOwn(manifest.dependencies ?? {}, name)) return manifest;
    const { [name]: _, ...dependencies } = manifest.dependencies ?? {};
    return { ...manifest, dependencies };
  });
}

interface References {
  references?: { path: string }[];
}

/** Adds a library of the workspace to the TypeScript references of an app, where the library is in the workspace. */
export function addTsReference(tree: Tree, root: string, library: string): void {
  const file = `${root}/tsconfig.lib.json`;
  if (!tree.exists(file) || !tree.exists(`${library}/tsconfig.lib.json`)) return;
  const path = join(relative(root, library), 'tsconfig.lib.json');
  updateJson<References>(tree, file, (tsconfig) => {
    const references = tsconfig.references ?? [];
    return references.some((reference) => reference.path === path)
      ? tsconfig
      : { ...tsconfig, references: [...references, { path }] };
  });
}

/** Takes a library out of the TypeScript references of an app. */
export function removeTsReference(tree: Tree, root: string, library: string): void {
  const file = `${root}/tsconfig.lib.json`;
  if (!tree.exists(file)) return;
  const path = join(relative(root, library), 'tsconfig.lib.json');
  updateJson<References>(tree, file, (tsconfig) => {
    const { references, ...others } = tsconfig;
    const left = references?.filter((reference) => reference.path !== path) ?? [];
    return left.length > 0 ? { ...tsconfig, references: left } : others;
  });
}

/** Adds a project to the references of the solution. */
export function addToSolution(tree: Tree, root: string): void {
  if (!tree.exists('tsconfig.json')) return;
  updateJson<References>(tree, 'tsconfig.json', (tsconfig) => {
    const references = tsconfig.references ?? [];
    return references.some(({ path }) => path === `./${root}`)
      ? tsconfig
      : { ...tsconfig, references: [...references, { path: `./${root}` }] };
  });
}

/** Takes a project out of the references of the solution, and of every other project. */
export function removeFromSolution(tree: Tree, root: string): void {
  if (!tree.exists('tsconfig.json')) return;
  updateJson<References>(tree, 'tsconfig.json', (tsconfig) => ({
    ...tsconfig,
    references: (tsconfig.references ?? []).filter(({ path }) => path !== `./${root}`),
  }));
}
