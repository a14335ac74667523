import type { TargetConfiguration } from '@nx/devkit';
import type { Program } from './program-of.ts';

/** A file that a program reads off a built service. */
export interface ServiceFile {
  /** The target that writes it; the one that checks it is called the same with `-check` behind it. */
  readonly target: string;
  /** Its name in the folder of the project. */
  readonly name: string;
  /** The command that writes it, and with `--check` behind it fails where it is stale. */
  readonly command: string;
  /** What the target that writes it does. */
  readonly description: string;
}

/** What all targets that read a built service have in common. */
export const ofBuiltService = ({ dependsOn }: Program) => ({
  options: { cwd: '{workspaceRoot}' },
  dependsOn: ['build', ...dependsOn],
});

/** Of what all targets of this plugin speak. */
export const technologies = ['countersign'];

/** The target that writes a file, and the one that fails where it is stale. */
export function fileTargets(
  { target, name, command, description }: ServiceFile,
  program: Program,
): Record<string, TargetConfiguration> {
  const file = `{projectRoot}/${name}`;
  const common = { ...ofBuiltService(program), cache: true };
  const inputs = [
    { dependentTasksOutputFiles: '**/*.js', transitive: true },
    ...program.inputs,
    '{projectRoot}/contract.json',
  ];
  return {
    [target]: { ...common, command, inputs, outputs: [file], metadata: { technologies, description } },
    [`${target}-check`]: {
      ...common,
      command: `${command} --check`,
      inputs: [...inputs, file],
      outputs: [],
      metadata: { technologies, description: `Fails where ${name} is not up to date` },
    },
  };
}
