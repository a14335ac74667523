import { formatFinding, type Finding, type FindingCode } from './finding.js';

/**
 * Thrown where a contract cannot be used. `findings` says everything that is wrong with it, `code` is the code of the
 * first error among them.
 */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code: FindingCode;
  readonly findings: readonly Finding[];

  constructor(findings: readonly [Finding, ...Finding[]]) {
    super(
      ['The contract cannot be used:', ...findings.map((finding) => `  ${formatFinding(finding)}`)].join(
        '\n',
      ),
    );
    this.code = (findings.find(({ severity }) => severity === 'error') ?? findings[0]).code;
    this.findings = findings;
  }
}
