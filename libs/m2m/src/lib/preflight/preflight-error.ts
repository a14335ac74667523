import { M2mError } from '../errors/m2m-error.js';

/** A connection that cannot be called, and why. */
export interface PreflightFailure {
  /** The callee. */
  readonly connection: string;
  readonly error: M2mError;
}

/** Connections that cannot be called before somebody changes something: every one at once. */
export class M2mPreflightError extends M2mError {
  override readonly name = 'M2mPreflightError';

  /** @param failures what is wrong, by connection; at least one */
  constructor(readonly failures: readonly PreflightFailure[]) {
    const lines = failures.map(
      ({ connection, error }) => `  - ${connection} (${error.code}): ${error.message}`,
    );
    super('preflight_failed', ['Outgoing calls cannot work as things are:', ...lines].join('\n'));
  }
}
