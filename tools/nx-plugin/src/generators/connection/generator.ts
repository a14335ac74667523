import { formatFiles, installPackagesTask, logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { contractsOf } from '../../contracts/contracts-of.ts';
import { splitList } from '../../names/scope-list.ts';
import { clientRoot } from '../clients/client-library.ts';
import clientsGenerator from '../clients/generator.ts';
import contractsGenerator from '../contracts/generator.ts';
import { connect } from './connect.ts';
import { chooseConnection } from './connection-plan.ts';
import type { ConnectionGeneratorOptions } from './schema.d.ts';

/**
 * Lets one service call another: the need in the caller's contract, the consent in the callee's, what the caller knows of
 * its callees, the callee's typed client, and a client that is wired in and tested. What is there already stays. Writes
 * nothing where a name is refused.
 *
 * @throws Error that lists the choices where a name or a scope is unknown
 */
export default async function connectionGenerator(
  tree: Tree,
  { from, to, scopes, skipInstall = false }: ConnectionGeneratorOptions,
): Promise<GeneratorCallback | undefined> {
  const connection = chooseConnection(contractsOf(tree), from, to, splitList(scopes));
  const hadClient = tree.exists(clientRoot(to));
  for (const problem of connect(tree, connection)) logger.warn(problem);
  await contractsGenerator(tree);
  await clientsGenerator(tree);
  await formatFiles(tree);
  if (hadClient || skipInstall || !tree.exists(clientRoot(to))) return undefined;
  return () => installPackagesTask(tree, true);
}
