/** Options of the generator `connection`. */
export interface ConnectionGeneratorOptions {
  /** The service that calls. */
  from: string;
  /** The service that is called. */
  to: string;
  /** The scopes of the callee that the caller needs, separated by commas. */
  scopes: string;
  /** Do not let npm link the callee's typed client where it is new. Default: false. */
  skipInstall?: boolean;
}
