import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import type { LoadedContract } from './contract.js';
import type { Finding } from './finding.js';
import { parseContract } from './parse/parse-contract.js';
import { readText } from './parse/read-text.js';

/** The contracts of a workspace. A file that cannot be used is not among `contracts`; `findings` says why. */
export interface LoadedContracts {
  /** Sorted by file. */
  contracts: LoadedContract[];
  findings: Finding[];
}

/** Where the contracts of a workspace are, from its root. */
export const contractPattern = 'apps/*/contract.json';

/**
 * Reads every contract of a workspace. Never throws on what a file contains.
 *
 * @param root folder of the workspace, as path or `file:` URL
 * @param pattern which files to read, from the root; default: the `contract.json` of every app. Files are named
 *   relative to the root, with forward slashes. Symbolic links to folders are not followed.
 */
export function loadContracts(root: string | URL, pattern: string = contractPattern): LoadedContracts {
  const folder = typeof root === 'string' ? root : fileURLToPath(root);
  const files = globSync(pattern, {
    cwd: folder,
    dot: true,
    expandDirectories: false,
    followSymbolicLinks: false,
  });
  const loaded: LoadedContracts = { contracts: [], findings: [] };
  for (const file of files.sort()) {
    const read = readText(join(folder, file), file);
    if ('finding' in read) {
      loaded.findings.push(read.finding);
      continue;
    }
    const { contract, findings } = parseContract(read.text, file);
    loaded.findings.push(...findings);
    if (contract) loaded.contracts.push({ contract, file });
  }
  return loaded;
}
