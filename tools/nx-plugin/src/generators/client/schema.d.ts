/** Options of the generator `client`. */
export interface ClientGeneratorOptions {
  /** Name of the client: its folder below `apps/` and its `client_id`. */
  name: string;
  /** What it calls, as `<service>:<scope>`, separated by commas. */
  calls: string;
  /** Who owns it in `CODEOWNERS`, where that file exists. Default: the owner of everything in it. */
  owner?: string;
  /** Do not let npm link the new package. Default: false. */
  skipInstall?: boolean;
}
