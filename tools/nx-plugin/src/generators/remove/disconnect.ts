import type { Tree } from '@nx/devkit';
import type { AppContract } from '../../contracts/contracts-of.ts';
import { removeConnection } from '../../contracts/edit-connections.ts';
import { filesThatImport, filesThatUse } from '../../wiring/find-client.ts';
import { unwireModule } from '../../wiring/wire-module.ts';
import { unwireOption } from '../../wiring/wire-option.ts';
import { removeVariables } from '../../workspace/env-example.ts';
import { clientPackage, dropClientLibrary } from '../clients/client-library.ts';
import { variablesOf } from '../connection/connect.ts';
import { planConnection } from '../connection/connection-plan.ts';
import { connectionFolder, connectionModuleOf, messagesWiring, tokensWiring } from '../connection/wirings.ts';

/** Both ends of a connection that is to go. */
export interface OldConnection {
  readonly caller: AppContract;
  readonly callee: AppContract;
}

/** The files of the caller that would not compile without the connection: what the user made of it. Sorted. */
export function filesInTheWay(tree: Tree, { caller, callee }: OldConnection): string[] {
  const folder = `${caller.root}/${connectionFolder(callee.service)}/`;
  const ownTest = testOf(caller, callee);
  const using = [
    ...filesThatUse(tree, caller.root, callee.service),
    ...filesThatImport(tree, caller.root, folder, clientPackage(tree, callee.service)).filter(
      (path) => path !== ownTest,
    ),
  ];
  return [...new Set(using)].filter((path) => !path.startsWith(folder)).sort();
}

/** Takes a connection out of both contracts and out of the caller. */
export function disconnect(tree: Tree, { caller, callee }: OldConnection): void {
  removeConnection(tree, caller, 'calls', callee.service);
  removeConnection(tree, callee, 'allows', caller.service);
  const plan = planConnection({ caller, callee, scopes: [] });
  if (plan.transport === 'http') unwireModule(tree, caller.root, connectionModuleOf(plan));
  else unwireOption(tree, caller.root, messagesWiring(plan));
  tree.delete(`${caller.root}/${connectionFolder(callee.service)}`);
  tree.delete(testOf(caller, callee));
  dropClientLibrary(tree, caller.root, callee.service);
  const isLast = Object.keys(caller.calls).every((service) => service === callee.service);
  const own = ['M2M_CLIENT_ID', 'M2M_CLIENT_SECRET_FILE'];
  const variables = Object.keys(variablesOf(plan, callee.port)).filter(
    (name) => isLast || !own.includes(name),
  );
  removeVariables(tree, caller.root, variables);
  if (isLast) unwireOption(tree, caller.root, tokensWiring);
}

const testOf = (caller: AppContract, callee: AppContract): string =>
  `${caller.root}/test/${callee.service}-connection.e2e-spec.ts`;
