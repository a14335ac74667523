import type { TargetConfiguration } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileTargets } from './file-targets.ts';
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
  const document = {
    target: 'openapi',
    name: 'openapi.json',
    command: `${program.command} --service ${root}/dist/service.js --file ${root}/openapi.json`,
    description: 'Writes the OpenAPI document of this service',
  };
  return fileTargets(document, program);
}
