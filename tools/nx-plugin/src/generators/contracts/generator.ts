import { joinPathFragments, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { resolveConfig } from 'prettier';
import { contractsOf } from '../../contracts/contracts-of.ts';
import { calleesFile, calleesPath } from './callees-file.ts';
import { syncProtoFiles } from './proto-files.ts';

/** What Nx shows where `nx sync` has something to do; nothing where all is in sync. */
export interface SyncResult {
  outOfSyncMessage?: string;
  outOfSyncDetails?: string[];
}

/**
 * Writes what each app that calls another knows of its callees (`callees.gen.ts`, `proto/`), and removes it where an app
 * calls none.
 */
export default async function contractsGenerator(tree: Tree): Promise<SyncResult> {
  const contracts = contractsOf(tree);
  const services = new Map(contracts.map((contract) => [contract.service, contract]));
  const style = await resolveConfig(join(tree.root, 'apps', calleesPath), { editorconfig: true });
  const stale: string[] = [];
  for (const contract of contracts) {
    stale.push(...syncProtoFiles(tree, contract, services));
    const file = joinPathFragments(contract.root, calleesPath);
    const current = tree.read(file, 'utf-8');
    if (Object.keys(contract.calls).length === 0) {
      if (current === null) continue;
      tree.delete(file);
    } else {
      const wanted = await calleesFile(contract, services, style);
      if (current === wanted) continue;
      tree.write(file, wanted);
    }
    stale.push(file);
  }
  if (stale.length === 0) return {};
  return {
    outOfSyncMessage: 'What the apps know of their callees does not match the contracts:',
    outOfSyncDetails: stale,
  };
}
