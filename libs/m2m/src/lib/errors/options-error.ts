/** Options that cannot be used: every problem at once. */
export class M2mOptionsError extends Error {
  override readonly name = 'M2mOptionsError';
  /** Stable code of this error. */
  readonly code = 'options_invalid';

  /** @param problems what is wrong, a sentence each; at least one */
  constructor(readonly problems: readonly string[]) {
    super(['M2mModule cannot start:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
  }
}
