/** Stops the boot: every handler that is not, or not rightly, guarded. */
export class BootAuditError extends Error {
  override readonly name = 'BootAuditError';
  readonly code = 'requirement_missing';

  /** @param findings one line for each problem, naming the handler */
  constructor(readonly findings: readonly string[]) {
    super(
      `The routes of this app are not all guarded:\n${findings.map((finding) => `- ${finding}`).join('\n')}\n\n` +
        'Potential solutions:\n' +
        "- Say what a handler requires: @RequireScopes('…'), or @Authenticated() for any client with a valid token.\n" +
        '- Open it to anybody: @Public().\n' +
        "- Adopt this step by step: AuthModule.forRoot({ …, coverage: 'warn' }) logs handlers that declare nothing.\n" +
        '- Add a scope that is missing to the contract of this service, or correct its spelling.',
    );
  }
}
