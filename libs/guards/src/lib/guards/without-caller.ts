import type { ExecutionContext } from '@nestjs/common';

/**
 * The end of a call that reached a guard which needs a caller, on a route where none was looked for.
 *
 * @throws Error always; over HTTP the client sees 500
 */
export function withoutCaller(guard: string, context: ExecutionContext): never {
  throw new Error(
    `${guard} was reached without AccessTokenGuard for ${context.getClass().name}.${context.getHandler().name}.\n\n` +
      'Potential solutions:\n' +
      '- Import AuthModule.forRoot() once, in the root module: it installs the guards in order for the whole app.\n' +
      '- Is it a hybrid app? Then connect the microservice with { inheritAppConfig: true }.\n' +
      '- Are the guards listed by hand? AccessTokenGuard comes first, then AudienceGuard, then ScopesGuard.',
  );
}
