import type { TargetConfiguration } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from './program-of.ts';

const options = { cwd: '{workspaceRoot}' };
const technologies = ['countersign'];

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
  const { command } = program;
  const dependsOn = ['build', ...program.dependsOn];
  const service = `--service ${root}/dist/service.js`;
  const manifest = `auth-manifest ${service} --file ${root}/auth-manifest.json`;
  const inputs = [
    { dependentTasksOutputFiles: '**/*.js', transitive: true },
    ...program.inputs,
    '{projectRoot}/contract.json',
  ];
  return {
    'auth-manifest': {
      command: `${command} ${manifest}`,
      options,
      cache: true,
      inputs,
      outputs: ['{projectRoot}/auth-manifest.json'],
      dependsOn,
      metadata: { technologies, description: 'Writes which route of this service requires what' },
    },
    'auth-manifest-check': {
      command: `${command} ${manifest} --check`,
      options,
      cache: true,
      inputs: [...inputs, '{projectRoot}/auth-manifest.json'],
      outputs: [],
      dependsOn,
      metadata: { technologies, description: 'Fails where auth-manifest.json is not up to date' },
    },
    explain: {
      command: `${command} explain ${service}`,
      options,
      cache: false,
      dependsOn,
      metadata: { technologies, description: 'Says why this service refuses a token: --route, --token-file' },
    },
  };
}
