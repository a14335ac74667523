import { formatFiles, installPackagesTask, type GeneratorCallback, type Tree } from '@nx/devkit';
import { chooseContract, contractsOf, type AppContract } from '../../contracts/contracts-of.ts';
import { removeConnection } from '../../contracts/edit-connections.ts';
import { removeCodeOwner } from '../../workspace/codeowners.ts';
import { removeFromSolution } from '../../workspace/packages.ts';
import { removeUnusedClients } from '../clients/client-library.ts';
import clientsGenerator from '../clients/generator.ts';
import contractsGenerator from '../contracts/generator.ts';
import { disconnect, filesInTheWay, type OldConnection } from './disconnect.ts';
import type { RemoveGeneratorOptions } from './schema.d.ts';

/**
 * Removes a connection, or a service or client with all its connections: from the contracts of both ends, from the
 * caller's wiring, from what is derived. Writes nothing where code of the user's still uses what is to go.
 *
 * @throws Error that lists the choices, or the files that still use a connection
 */
export default async function removeGenerator(
  tree: Tree,
  { name, from, to, skipInstall = false }: RemoveGeneratorOptions,
): Promise<GeneratorCallback> {
  const contracts = contractsOf(tree);
  if (name !== undefined && from === undefined && to === undefined) removeApp(tree, contracts, name);
  else if (name === undefined && from !== undefined && to !== undefined)
    removeOne(tree, connectionOf(contracts, from, to));
  else
    throw new Error(
      'Name a service or client to remove, or both ends of a connection: --from <caller> --to <callee>.',
    );
  removeUnusedClients(
    tree,
    contracts.map(({ service }) => service),
  );
  await contractsGenerator(tree);
  await clientsGenerator(tree);
  await formatFiles(tree);
  return () => {
    if (name !== undefined && !skipInstall) installPackagesTask(tree, true);
  };
}

function connectionOf(contracts: readonly AppContract[], from: string, to: string): OldConnection {
  const caller = chooseContract('service', contracts, from);
  const called = contracts.filter(({ service }) => Object.hasOwn(caller.calls, service));
  return { caller, callee: chooseContract(`service that ${from} calls`, called, to) };
}

function removeOne(tree: Tree, connection: OldConnection): void {
  requireNotLast(connection.caller, connection.callee.service);
  requireUnused(tree, [connection]);
  disconnect(tree, connection);
}

function removeApp(tree: Tree, contracts: readonly AppContract[], name: string): void {
  const app = chooseContract('service', contracts, name);
  const callers = contracts.filter(({ calls }) => Object.hasOwn(calls, name));
  const incoming = callers.map((caller) => ({ caller, callee: app }));
  for (const { caller } of incoming) requireNotLast(caller, name);
  requireUnused(tree, incoming);
  for (const connection of incoming) disconnect(tree, connection);
  for (const other of contracts) {
    if (other === app) continue;
    removeConnection(tree, other, 'allows', name);
  }
  tree.delete(app.root);
  removeFromSolution(tree, app.root);
  removeCodeOwner(tree, app.root);
}

/** A client that calls nothing has no use: it goes as a whole. */
function requireNotLast({ service, stamp, calls }: AppContract, callee: string): void {
  if (stamp?.kind !== 'client' || Object.keys(calls).length > 1) return;
  throw new Error(`${callee} is all that ${service} calls. Remove that client first.`);
}

function requireUnused(tree: Tree, connections: readonly OldConnection[]): void {
  const using = connections.flatMap((connection) => filesInTheWay(tree, connection));
  if (using.length === 0) return;
  throw new Error(
    `These files still use what is to go. Change them first:\n${using.map((file) => `  ${file}`).join('\n')}`,
  );
}
