import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { callerOf, isNobody } from '../requirement/caller-store.js';
import { transportOf } from '../transports/transport.js';
import type { Caller as AuthenticatedCaller } from '../verifier/caller.js';

/** The authenticated client as a handler sees it. */
export type Caller = AuthenticatedCaller;

/**
 * The authenticated client, as a handler parameter. The decorator and the type share the name. Where the rule `token`
 * is report-only it may be `undefined`: write `@Caller() caller: Caller | undefined` there.
 *
 * @throws Error where there is no caller: on a public route, or where `AccessTokenGuard` does not run
 * @example
 * ```ts
 * @Post()
 * @RequireScopes('write:orders')
 * place(@Body() order: NewOrder, @Caller() caller: Caller) {
 *   this.audit.record(order, caller.clientId);
 * }
 * ```
 */
export const Caller: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext) => {
    const carrier = transportOf(context).carrier(context);
    const caller = callerOf(carrier);
    if (!caller) {
      if (isNobody(carrier)) return undefined;
      throw new Error(
        `@Caller() in ${context.getClass().name}.${context.getHandler().name} has no caller.\n\n` +
          'Potential solutions:\n' +
          '- Is the route public? Then there is nobody to name: take the parameter out, or take @Public() off.\n' +
          '- Is AuthModule imported, so that its guards run for the whole app?',
      );
    }
    return caller;
  },
);
