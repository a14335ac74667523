import { join } from 'node:path';
import { generateFiles, OverwriteStrategy, type Tree } from '@nx/devkit';
import { addConnection } from '../../contracts/edit-connections.ts';
import { filesThatUse } from '../../wiring/find-client.ts';
import { hasTokens, wireModule } from '../../wiring/wire-module.ts';
import { definitionFileOf, wireOption } from '../../wiring/wire-option.ts';
import { addVariables } from '../../workspace/env-example.ts';
import { addPackages, addTsReference, callerPackages } from '../../workspace/packages.ts';
import { useClientLibrary } from '../clients/client-library.ts';
import { planConnection, type Connection, type ConnectionPlan } from './connection-plan.ts';
import { typedClientOf, type TypedClient } from './typed-client.ts';
import { connectionFolder, connectionModuleOf, messagesWiring, tokensWiring } from './wirings.ts';

/**
 * Makes a connection: both contracts, the packages, the client, its module, its place in the app, its variables and its
 * test. What is there already stays as it is, and an app that has a client of its own keeps it.
 *
 * @returns what is left to do by hand, a sentence each
 */
export function connect(tree: Tree, connection: Connection): string[] {
  const { caller, callee, scopes } = connection;
  addConnection(tree, caller, 'calls', callee.service, scopes);
  addConnection(tree, callee, 'allows', caller.service, scopes);
  const plan = planConnection(connection);
  const folder = `${caller.root}/${connectionFolder(plan.callee)}/`;
  const ownClients = filesThatUse(tree, caller.root, plan.callee).filter((path) => !path.startsWith(folder));
  if (ownClients.length > 0) return [];

  addPackages(tree, caller.root, callerPackages(plan.transport));
  addTsReference(tree, caller.root, 'libs/m2m');
  addTsReference(tree, caller.root, 'libs/bootstrap');
  const typed = typedClientOf(tree, callee, plan);
  if (typed) useClientLibrary(tree, caller.root, callee.service);
  writeClient(tree, caller.root, plan, typed);
  addVariables(tree, caller.root, variablesOf(plan, callee.port));
  const problems = hasTokens(tree, caller.root) ? [] : wireOption(tree, caller.root, tokensWiring);
  const more =
    plan.transport === 'http'
      ? wireModule(tree, caller.root, connectionModuleOf(plan))
      : wireOption(tree, caller.root, messagesWiring(plan));
  return [...problems, ...more];
}

/** Writes the client, its module and its test; the test only where the app is defined in a way that it can start. */
function writeClient(tree: Tree, root: string, plan: ConnectionPlan, typed: TypedClient | undefined): void {
  const files = plan.transport === 'http' || plan.transport === 'grpc' ? plan.transport : 'rpc';
  const test = `${root}/test/${plan.callee}-connection.e2e-spec.ts`;
  const hadTest = tree.exists(test);
  generateFiles(
    tree,
    join(import.meta.dirname, 'files', typed ? 'http-typed' : files),
    root,
    { ...plan, ...typed },
    {
      overwriteStrategy: OverwriteStrategy.KeepExisting,
    },
  );
  const canBeTested = definitionFileOf(tree, root) !== undefined && typed?.sample !== null;
  if (!hadTest && !canBeTested) tree.delete(test);
}

/** What the environment of a caller holds for a connection. */
export function variablesOf(plan: ConnectionPlan, port: number | undefined): Record<string, string> {
  return {
    M2M_CLIENT_ID: plan.caller,
    M2M_CLIENT_SECRET_FILE: `.countersign/secrets/${plan.caller}`,
    ...(plan.messageUrl === undefined
      ? { [`${plan.calleeVariable}_URL`]: `http://localhost:${port ?? ''}` }
      : { [`${plan.calleeVariable}_MESSAGES_URL`]: plan.messageUrl }),
  };
}
