import { fileURLToPath } from 'node:url';
import {
  checkOwnContract,
  ContractError,
  readContract,
  type Contract,
  type Finding,
} from '@countersign/contract';
import { BootError } from './boot.error.js';

/**
 * Reads the contract of a service and checks what the service alone can check.
 *
 * @throws {@link BootError} `contract_invalid`, one line per error with its code, file and JSON pointer
 */
export function ownContract(file: URL): Contract {
  try {
    const contract = readContract(file);
    const errors = checkOwnContract(contract, fileURLToPath(file)).filter(
      ({ severity }) => severity === 'error',
    );
    if (errors.length > 0) throw invalid(file, errors);
    return contract;
  } catch (error) {
    throw error instanceof ContractError ? invalid(file, error.findings) : error;
  }
}

function invalid(file: URL, findings: readonly Finding[]): BootError {
  const lines = findings.map(({ code, pointer, message }) => `  ${code} at ${pointer || '/'}: ${message}`);
  return new BootError(
    'contract_invalid',
    [`its contract is not valid: ${fileURLToPath(file)}`, ...lines].join('\n'),
  );
}
