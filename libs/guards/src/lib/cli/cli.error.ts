/** Why a command cannot be done, in words for whoever called it. */
export class CliError extends Error {
  override readonly name = 'CliError';

  /**
   * @param message what is wrong
   * @param solutions what to do about it, a line each
   */
  constructor(message: string, solutions: readonly string[] = [], options?: ErrorOptions) {
    const listed = solutions.map((solution) => `\n- ${solution}`).join('');
    super(solutions.length > 0 ? `${message}\n\nPotential solutions:${listed}` : message, options);
  }
}
