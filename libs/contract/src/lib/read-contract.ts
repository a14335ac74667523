import { fileURLToPath } from 'node:url';
import { checkOwnContract } from './check-contracts.js';
import { ContractError } from './contract-error.js';
import type { Contract } from './contract.js';
import type { Finding } from './finding.js';
import { parseContract } from './parse/parse-contract.js';
import { readText } from './parse/read-text.js';

/**
 * Reads one `contract.json` and checks what can be checked without the others.
 *
 * ```ts
 * const contract = readContract(new URL('../contract.json', import.meta.url));
 * ```
 *
 * @param file path or `file:` URL
 * @throws {ContractError} with every finding, where the contract has an error
 */
export function readContract(file: string | URL): Contract {
  const path = typeof file === 'string' ? file : fileURLToPath(file);
  const read = readText(path, path);
  if ('finding' in read) throw new ContractError([read.finding]);
  const { contract, findings } = parseContract(read.text, path);
  const errors = contract
    ? checkOwnContract(contract, path).filter(({ severity }) => severity === 'error')
    : findings;
  const [first, ...others]: Finding[] = errors;
  if (!contract || first) throw new ContractError([first as Finding, ...others]);
  return contract;
}
