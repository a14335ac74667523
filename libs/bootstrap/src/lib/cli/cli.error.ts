/** Why a command cannot be done, in words for whoever called it. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
