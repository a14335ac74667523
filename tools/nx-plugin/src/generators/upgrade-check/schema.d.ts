/** Options of the generator `upgrade-check`. */
export interface UpgradeCheckGeneratorOptions {
  /** The app to look at. Default: every app that a generator made. */
  name?: string;
}
