import type { TargetConfiguration } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** How a target runs a program of ours. */
export interface Program {
  readonly command: string;
  /** What the program itself is, for the cache, beside the output of the tasks before it. */
  readonly inputs: NonNullable<TargetConfiguration['inputs']>;
  /** What is built before. */
  readonly dependsOn: NonNullable<TargetConfiguration['dependsOn']>;
}

/**
 * The program of a library: built from its source where the library is in the workspace, else the one that its package
 * brings.
 *
 * @param workspaceRoot absolute folder of the workspace
 * @param library such as `contract`
 * @param bin name of the program in the package
 */
export function programOf(workspaceRoot: string, library: string, bin: string): Program {
  const name = `@countersign/${library}`;
  return existsSync(join(workspaceRoot, 'libs', library, 'package.json'))
    ? {
        command: `node libs/${library}/dist/bin.js`,
        inputs: [],
        dependsOn: [{ projects: [name], target: 'build' }],
      }
    : { command: bin, inputs: [{ externalDependencies: [name] }], dependsOn: [] };
}
