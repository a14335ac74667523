/**
 * The options that a verifier or a module was given will not do. It lists every problem at once.
 *
 * @example
 * ```ts
 * new AccessTokenVerifier({ issuers: [], audience: '' });
 * // AuthOptionsError: issuers must name at least one issuer; audience must name at least one audience
 * ```
 */
export class AuthOptionsError extends Error {
  override readonly name = 'AuthOptionsError';
  /** Stable. */
  readonly code = 'options_invalid';

  /** @param problems each names the option and says what it must be */
  constructor(readonly problems: readonly string[]) {
    super(
      `The verifier of access tokens cannot be made.\n\nPotential solutions:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
  }
}
