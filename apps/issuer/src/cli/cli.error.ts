/** Why a command could not be done, in words for whoever typed it. */
export class CliError extends Error {
  override readonly name = 'CliError';

  /** @param code `issuer_unreachable`, `secret_missing`, `refused`, `answer_malformed` or `usage` */
  constructor(
    readonly code: 'issuer_unreachable' | 'secret_missing' | 'refused' | 'answer_malformed' | 'usage',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
