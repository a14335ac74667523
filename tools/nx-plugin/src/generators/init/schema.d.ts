/** Options of the generators `init` and `preset`. */
export interface InitGeneratorOptions {
  /** npm scope of the packages of the workspace, without the `@`. Default: that of its root package. */
  scope?: string;
  /** Do not let npm install what was added. Default: false. */
  skipInstall?: boolean;
}
