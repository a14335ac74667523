import {
  formatFiles,
  installPackagesTask,
  logger,
  updateJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { serviceNameProblem } from '../../names/contract-rules.ts';
import { workspaceOverrides, workspacePackages } from '../../workspace/versions.ts';
import { addToNxJson } from './add-to-nx-json.ts';
import { addCompilerOptions } from './compiler-options.ts';
import { addIgnoredFiles } from './ignored-files.ts';
import { writeSetUp } from './set-up-files.ts';
import type { InitGeneratorOptions } from './schema.d.ts';

interface RootManifest {
  name?: string;
  type?: string;
  workspaces?: string[] | { packages?: string[] };
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  overrides?: Record<string, unknown>;
}

const scripts = {
  start: 'countersign-start',
  'contract-check': 'nx run-many -t contract-check,auth-manifest-check',
};

/**
 * Prepares a workspace for generated services: npm workspaces, the plugins of Nx, the compiler, Vitest, ESLint and the
 * packages. What the workspace has already stays; where that cannot work, a warning says so.
 *
 * @throws Error where the npm scope is none
 */
export default async function initGenerator(
  tree: Tree,
  { scope, skipInstall = false }: InitGeneratorOptions,
): Promise<GeneratorCallback> {
  if (scope !== undefined && serviceNameProblem(scope) !== undefined) {
    throw new Error(
      `No npm scope can be named ${JSON.stringify(scope)}. Write it without the @, such as acme.`,
    );
  }
  updateJson<RootManifest>(tree, 'package.json', (manifest) => prepared(manifest, scope));
  addToNxJson(tree);
  writeSetUp(tree);
  addIgnoredFiles(tree);
  for (const conflict of addCompilerOptions(tree)) logger.warn(conflict);
  await formatFiles(tree);
  return () => {
    if (!skipInstall) installPackagesTask(tree, true);
  };
}

function prepared(manifest: RootManifest, scope: string | undefined): RootManifest {
  const present = { ...manifest.dependencies, ...manifest.devDependencies };
  const missing = Object.entries(workspacePackages).filter(([name]) => !Object.hasOwn(present, name));
  const devDependencies = { ...manifest.devDependencies, ...Object.fromEntries(missing) };
  const workspaces = Array.isArray(manifest.workspaces)
    ? manifest.workspaces
    : (manifest.workspaces?.packages ?? []);
  return {
    ...manifest,
    ...(scope !== undefined && { name: `@${scope}/source` }),
    type: manifest.type ?? 'module',
    workspaces: [...new Set([...workspaces, 'apps/*'])],
    scripts: { ...scripts, ...manifest.scripts },
    devDependencies: Object.fromEntries(Object.entries(devDependencies).sort(([a], [b]) => (a < b ? -1 : 1))),
    overrides: { ...workspaceOverrides, ...manifest.overrides },
  };
}
