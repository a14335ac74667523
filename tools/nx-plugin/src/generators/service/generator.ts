import { formatFiles, installPackagesTask, logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { contractsOf, chooseContract } from '../../contracts/contracts-of.ts';
import { addCodeOwner } from '../../workspace/codeowners.ts';
import { writeDockerIgnore } from '../../workspace/docker-ignore.ts';
import { addToSolution } from '../../workspace/packages.ts';
import { connect } from '../connection/connect.ts';
import clientsGenerator from '../clients/generator.ts';
import contractsGenerator from '../contracts/generator.ts';
import type { ServiceGeneratorOptions } from './schema.d.ts';
import { planService } from './service-plan.ts';
import { writeServiceFiles } from './write-service-files.ts';

/**
 * Makes a service: contract, guards, a first resource over HTTP and, where asked for, messages; health, OpenAPI, its
 * tests with the refusal battery, an image, and its connections. Writes nothing where an option is refused.
 *
 * @throws Error with the reason or the choices
 */
export default async function serviceGenerator(
  tree: Tree,
  options: ServiceGeneratorOptions,
): Promise<GeneratorCallback> {
  const plan = planService(tree, options);
  const root = `apps/${plan.name}`;
  writeServiceFiles(tree, root, plan);
  addToSolution(tree, root);
  addCodeOwner(tree, root, options.owner);
  writeDockerIgnore(tree);
  for (const { callee, scopes } of plan.calls) {
    const caller = chooseContract('service', contractsOf(tree), plan.name);
    for (const problem of connect(tree, { caller, callee, scopes })) logger.warn(problem);
  }
  await contractsGenerator(tree);
  await clientsGenerator(tree);
  await formatFiles(tree);
  return () => {
    if (!options.skipInstall) installPackagesTask(tree, true);
  };
}
