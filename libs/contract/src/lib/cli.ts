import { parseArgs } from 'node:util';
import { checkContracts } from './check-contracts.js';
import { formatFinding } from './finding.js';
import { contractPattern, loadContracts } from './load-contracts.js';

const usage = `Usage: countersign-contract check [--root DIR] [--json]

Checks every ${contractPattern} below DIR (default: the current folder), each alone and all against each other.
Prints one line per finding: file#pointer code message. With --json: an array of findings.
Exit code: 0 without errors, 1 with an error or without any contract, 2 for wrong arguments.
`;

/** Where the command writes. */
export interface Output {
  out: (text: string) => void;
  err: (text: string) => void;
}

/**
 * The command `countersign-contract`.
 *
 * @param args what follows the command's name
 * @returns the exit code
 */
export function runCli(args: readonly string[], { out, err }: Output): number {
  let options;
  try {
    options = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        root: { type: 'string', default: '.' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    err(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  const { values, positionals } = options;
  if (values.help) {
    out(usage);
    return 0;
  }
  if (positionals.length !== 1 || positionals[0] !== 'check') {
    err(usage);
    return 2;
  }

  const loaded = loadContracts(values.root);
  const findings = checkContracts(loaded);
  if (loaded.contracts.length === 0 && findings.length === 0) {
    err(`No ${contractPattern} below ${values.root}. Name the root of the workspace with --root.\n`);
    return 1;
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (values.json) {
    out(`${JSON.stringify(findings, null, 2)}\n`);
  } else {
    for (const finding of findings) out(`${formatFinding(finding)}\n`);
    const warnings = findings.length - errors;
    out(
      `${count(loaded.contracts.length, 'contract')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}\n`,
    );
  }
  return errors > 0 ? 1 : 0;
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
