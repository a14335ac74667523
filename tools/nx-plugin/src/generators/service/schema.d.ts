/** Options of the generator `service`. */
export interface ServiceGeneratorOptions {
  /** Name of the service: its folder below `apps/` and its `client_id`. */
  name: string;
  /** The scopes that it owns, separated by commas. */
  scopes: string;
  /** Do not let npm link the new package. Default: false. */
  skipInstall?: boolean;
}
