import type { TargetConfiguration } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** All libraries: what an app is built after. */
const libraries = ['tag:type:lib'];

/**
 * What the targets of an app come after: the libraries, and not the services that it calls. `^build` would follow the edges
 * of the connections (`createDependencies`), and two services that call each other would wait for each other. Tests come
 * after the libraries too, where they do not read their sources: outside of the workspace of `@countersign/m2m` itself.
 *
 * @param workspaceRoot absolute folder of the workspace
 * @param root folder of the app in it
 */
export function buildOrder(workspaceRoot: string, root: string): Record<string, TargetConfiguration> {
  if (!existsSync(join(workspaceRoot, root, 'tsconfig.lib.json'))) return {};
  const afterLibraries = { dependsOn: [{ projects: libraries, target: 'build' }] };
  return {
    build: afterLibraries,
    'build-deps': afterLibraries,
    ...(!existsSync(join(workspaceRoot, 'libs/m2m')) &&
      existsSync(join(workspaceRoot, root, 'vitest.config.mts')) && { test: afterLibraries }),
    typecheck: { dependsOn: ['build', { projects: libraries, target: 'typecheck' }] },
  };
}
