import type { TargetConfiguration } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileTargets, ofBuiltService, technologies } from './file-targets.ts';
import { programOf } from './program-of.ts';

/**
 * The targets that read a built service: `auth-manifest` writes which route requires what, `auth-manifest-check` fails
 * where that file is stale, and `explain` says why a token is refused. None for a project without `src/service.ts`.
 *
 * @param workspaceRoot absolute folder of the workspace
 * @param root folder of the project in it
 */
export function authTargets(workspaceRoot: string, root: string): Record<string, TargetConfiguration> {
  if (!existsSync(join(workspaceRoot, root, 'src/service.ts'))) return {};
  const program = programOf(workspaceRoot, 'guards', 'countersign-auth');
  const service = `--service ${root}/dist/service.js`;
  const manifest = {
    target: 'auth-manifest',
    name: 'auth-manifest.json',
    command: `${program.command} auth-manifest ${service} --file ${root}/auth-manifest.json`,
    description: 'Writes which route of this service requires what',
  };
  return {
    ...fileTargets(manifest, program),
    explain: {
      ...ofBuiltService(program),
      command: `${program.command} explain ${service}`,
      cache: false,
      metadata: { technologies, description: 'Says why this service refuses a token: --route, --token-file' },
    },
  };
}
