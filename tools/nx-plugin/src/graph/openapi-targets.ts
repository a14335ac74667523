import type { TargetConfiguration } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from './program-of.ts';

/**
 * The targets `openapi`, which writes the OpenAPI document of a built service, and `openapi-check`, which fails where
 * that file is stale. None for a project without `src/service.ts`.
 *
 * @param workspaceRoot absolute folder of the workspace
 * @param root folder of the project in it
 */
export function openApiTargets(workspaceRoot: string, root: string): Record<string, TargetConfiguration> {
  if (!existsSync(join(workspaceRoot, root, 'src/service.ts'))) return {};
  const program = programOf(workspaceRoot, 'bootstrap', 'countersign-openapi');
  const command = `${program.command} --service ${root}/dist/service.js --file ${root}/openapi.json`;
  const inputs = [
    { dependentTasksOutputFiles: '**/*.js', transitive: true },
    ...program.inputs,
    '{projectRoot}/contract.json',
  ];
  const common = {
    options: { cwd: '{workspaceRoot}' },
    cache: true,
    dependsOn: ['build', ...program.dependsOn],
  };
  const technologies = ['countersign'];
  return {
    openapi: {
      ...common,
      command,
      inputs,
      outputs: ['{projectRoot}/openapi.json'],
      metadata: { technologies, description: 'Writes the OpenAPI document of this service' },
    },
    'openapi-check': {
      ...common,
      command: `${command} --check`,
      inputs: [...inputs, '{projectRoot}/openapi.json'],
      outputs: [],
      metadata: { technologies, description: 'Fails where openapi.json is not up to date' },
    },
  };
}
