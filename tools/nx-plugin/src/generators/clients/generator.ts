import { join } from 'node:path';
import type { Tree } from '@nx/devkit';
import { resolveConfig } from 'prettier';
import { contractsOf, type AppContract } from '../../contracts/contracts-of.ts';
import { messageUrlOf } from '../../contracts/message-url.ts';
import type { SyncResult } from '../contracts/generator.ts';
import { clientFile, writeClientLibrary } from './client-library.ts';
import { clientSource, isCurrent, type ServiceDocument } from './client-source.ts';

/**
 * Writes the typed client of each service that a contract calls over HTTP and that has an `openapi.json`, and keeps each
 * client that is there current. A client is taken away by the generator `remove` alone: code of the user's may use it.
 *
 * @throws Error that says what is wrong with a document
 */
export default async function clientsGenerator(tree: Tree): Promise<SyncResult> {
  const stale: string[] = [];
  for (const document of documentsOf(tree)) {
    const file = clientFile(document.service);
    if (isCurrent(tree.read(file, 'utf-8'), document)) continue;
    const style = await resolveConfig(join(tree.root, file), { editorconfig: true });
    const source = await clientSource(document, style);
    if (source === undefined) continue;
    writeClientLibrary(tree, document.service);
    tree.write(file, source);
    stale.push(file);
  }
  if (stale.length === 0) return {};
  return {
    outOfSyncMessage: 'The typed clients of these services do not match their openapi.json:',
    outOfSyncDetails: stale,
  };
}

function documentsOf(tree: Tree): ServiceDocument[] {
  const contracts = contractsOf(tree);
  return contracts.flatMap((contract) => {
    const { service } = contract;
    const document = documentOf(tree, contract);
    const isCalled = contracts.some(({ calls }) => Object.hasOwn(calls, service));
    return document && (isCalled || tree.exists(clientFile(service))) ? [document] : [];
  });
}

/** The document of a service that is called over HTTP; nothing for one that takes messages or has no document. */
export function documentOf(tree: Tree, contract: AppContract): ServiceDocument | undefined {
  const { service, root } = contract;
  const file = `${root}/openapi.json`;
  const text = messageUrlOf(contract) === undefined ? tree.read(file, 'utf-8') : null;
  return text === null ? undefined : { service, file, text };
}
