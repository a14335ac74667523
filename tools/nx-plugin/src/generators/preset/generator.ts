import type { GeneratorCallback, Tree } from '@nx/devkit';
import initGenerator from '../init/generator.ts';
import type { InitGeneratorOptions } from '../init/schema.d.ts';

/**
 * Makes a new workspace, for `npx create-nx-workspace acme --preset=@countersign/nx`. The npm scope is the name of the
 * workspace unless `scope` says otherwise.
 */
export default function presetGenerator(
  tree: Tree,
  options: InitGeneratorOptions,
): Promise<GeneratorCallback> {
  return initGenerator(tree, options);
}
