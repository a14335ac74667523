import { createNodesFromFiles, type CreateNodesV2, type TargetConfiguration } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { authTargets } from './auth-targets.ts';
import { buildOrder } from './build-order.ts';
import { openApiTargets } from './openapi-targets.ts';
import { programOf } from './program-of.ts';

/** Options of the plugin in `nx.json`. */
export interface ContractPluginOptions {
  /** Name of the inferred target. Default: `contract-check`. */
  targetName?: string;
}

/**
 * The target that checks the contracts. They are checked all together, since a connection has two ends: every
 * contract of the workspace is an input, and so is the checker.
 */
function contractCheck(workspaceRoot: string): TargetConfiguration {
  const { command, inputs, dependsOn } = programOf(workspaceRoot, 'contract', 'countersign-contract');
  return {
    command: `${command} check --root .`,
    options: { cwd: '{workspaceRoot}' },
    cache: true,
    inputs: [
      '{workspaceRoot}/apps/*/contract.json',
      { dependentTasksOutputFiles: '**/*.js', transitive: true },
      ...inputs,
    ],
    outputs: [],
    dependsOn,
    metadata: { technologies: ['countersign'], description: 'Checks this contract against all others' },
  };
}

/**
 * Infers `contract-check` for every project that has a `contract.json`, the targets of `authTargets` and `openApiTargets` for
 * services, and what is built before them.
 */
export const createNodesV2: CreateNodesV2<ContractPluginOptions> = [
  'apps/*/contract.json',
  (files, options, context) =>
    createNodesFromFiles(
      (file, pluginOptions) => {
        const root = dirname(file);
        if (!existsSync(join(context.workspaceRoot, root, 'package.json'))) return {};
        return {
          projects: {
            [root]: {
              targets: {
                [pluginOptions?.targetName ?? 'contract-check']: contractCheck(context.workspaceRoot),
                ...authTargets(context.workspaceRoot, root),
                ...openApiTargets(context.workspaceRoot, root),
                ...buildOrder(context.workspaceRoot, root),
              },
            },
          },
        };
      },
      files,
      options,
      context,
    ),
];
