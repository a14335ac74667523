import { join } from 'node:path';
import {
  formatFiles,
  generateFiles,
  installPackagesTask,
  logger,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { chooseContract, contractsOf } from '../../contracts/contracts-of.ts';
import { addCodeOwner } from '../../workspace/codeowners.ts';
import { writeFrameworkFiles } from '../../workspace/framework-files.ts';
import { organisationOf } from '../../workspace/organisation.ts';
import { addToSolution, addTsReference } from '../../workspace/packages.ts';
import { pluginVersion, type Stamp } from '../../workspace/stamp.ts';
import { connect } from '../connection/connect.ts';
import clientsGenerator from '../clients/generator.ts';
import contractsGenerator from '../contracts/generator.ts';
import { callsOf, requireFreeName, schemaPathOf } from '../service/service-plan.ts';
import type { ClientGeneratorOptions } from './schema.d.ts';

/**
 * Makes a pure client: an app without HTTP that gets tokens and calls services, with a client for each of them. Writes
 * nothing where an option is refused.
 *
 * @throws Error with the reason or the choices
 */
export default async function clientGenerator(
  tree: Tree,
  { name, calls: called, owner, skipInstall = false }: ClientGeneratorOptions,
): Promise<GeneratorCallback> {
  requireFreeName(tree, name);
  const calls = callsOf(contractsOf(tree), name, called);
  if (calls.length === 0) {
    throw new Error('A client that calls nothing has no use. Write --calls <service>:<scope>.');
  }

  const root = `apps/${name}`;
  const stamp: Pick<Stamp, 'kind' | 'version'> = { kind: 'client', version: pluginVersion };
  writeFrameworkFiles(tree, root, 'client');
  generateFiles(tree, join(import.meta.dirname, 'files'), root, {
    name,
    npmScope: `@${organisationOf(tree)}`,
    libVersion: pluginVersion,
    schemaPath: schemaPathOf(tree),
    stamp,
    callees: calls.map(({ callee }) => callee.service),
    dot: '.',
  });
  for (const library of ['m2m', 'contract', 'bootstrap', 'testing'])
    addTsReference(tree, root, `libs/${library}`);
  addToSolution(tree, root);
  addCodeOwner(tree, root, owner);
  for (const { callee, scopes } of calls) {
    const caller = chooseContract('client', contractsOf(tree), name);
    for (const problem of connect(tree, { caller, callee, scopes })) logger.warn(problem);
  }
  await contractsGenerator(tree);
  await clientsGenerator(tree);
  await formatFiles(tree);
  return () => {
    if (!skipInstall) installPackagesTask(tree, true);
  };
}
