/** One variable that keeps a service from starting. */
export interface EnvironmentProblem {
  /** Name of the variable, or `environment` where the problem belongs to no single one. */
  readonly variable: string;
  /** What is wrong with it and what to do. Never holds the value of a secret. */
  readonly message: string;
}

/**
 * The environment cannot be used. Its message has one line per variable, so that one look is enough to mend them all.
 *
 * @example
 * ```text
 * orders cannot start: 2 problems in its environment
 *   AUTH_ISSUER    is not set: set it to the exact `iss` of your authorization server
 *   PORT           must be a whole number from 0 to 65535
 * ```
 */
export class EnvironmentError extends Error {
  /** Stable code of this error. */
  static readonly code = 'environment_invalid';
  override readonly name = 'EnvironmentError';
  readonly code = EnvironmentError.code;

  /**
   * @param service name of the service that cannot start
   * @param problems everything that is wrong, at least one
   */
  constructor(
    service: string,
    readonly problems: readonly EnvironmentProblem[],
  ) {
    super(describe(service, problems));
  }
}

function describe(service: string, problems: readonly EnvironmentProblem[]): string {
  const width = Math.max(...problems.map(({ variable }) => variable.length)) + 2;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [
    `${service} cannot start: ${count} in its environment`,
    ...problems.map(({ variable, message }) => `  ${variable.padEnd(width)}${message}`),
  ].join('\n');
}
