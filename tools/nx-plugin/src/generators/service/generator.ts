import {
  formatFiles,
  generateFiles,
  installPackagesTask,
  updateJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { join } from 'node:path';
import type { ServiceGeneratorOptions } from './schema.d.ts';
import { planService } from './service-plan.ts';

interface SolutionTsconfig {
  references?: { path: string }[];
}

/**
 * Makes a service: contract, guards, a first resource, health, OpenAPI, its tests with the refusal battery. Writes
 * nothing where the name or a scope is refused.
 */
export default async function serviceGenerator(
  tree: Tree,
  options: ServiceGeneratorOptions,
): Promise<GeneratorCallback> {
  const plan = planService(tree, options);
  const root = `apps/${plan.name}`;
  generateFiles(tree, join(import.meta.dirname, 'files'), root, plan);
  updateJson<SolutionTsconfig>(tree, 'tsconfig.json', (tsconfig) => ({
    ...tsconfig,
    references: [...(tsconfig.references ?? []), { path: `./${root}` }],
  }));
  await formatFiles(tree);
  return () => {
    if (!options.skipInstall) installPackagesTask(tree, true);
  };
}
