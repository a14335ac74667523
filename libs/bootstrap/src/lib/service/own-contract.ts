import { fileURLToPath } from 'node:url';
import { ContractError, readContract, type Contract } from '@countersign/contract';
import { BootError } from './boot.error.js';

/**
 * Reads the contract of a service and checks what the service alone can check.
 *
 * @throws {@link BootError} `contract_invalid`, one line per error with its code, file and JSON pointer
 */
export function ownContract(file: URL): Contract {
  try {
    return readContract(file);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const lines = error.findings.map(
      ({ code, pointer, message }) => `  ${code} at ${pointer || '/'}: ${message}`,
    );
    const headline = `its contract cannot be used: ${fileURLToPath(file)}`;
    throw new BootError('contract_invalid', [headline, ...lines].join('\n'), { cause: error });
  }
}
