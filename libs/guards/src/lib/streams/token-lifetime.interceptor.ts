import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Observable, takeUntil } from 'rxjs';
import { callerOf } from '../requirement/caller-store.js';
import { requirementOf } from '../requirement/route-requirement.js';
import { atExpiry } from '../time/at-expiry.js';
import { transportOf } from '../transports/transport.js';
import { isUnary } from './is-unary.js';

/**
 * Ends an answer that goes on when the token of its caller expires, in the form of the transport: an event stream
 * completes, a stream of gRPC ends with `UNAUTHENTICATED`. An answer that is given once is left alone, and so is one
 * without a caller.
 */
export const tokenLifetime: NestInterceptor = {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const transport = transportOf(context);
    const caller = callerOf(transport.carrier(context));
    if (!caller || isTriedOut(context) || isGivenOnce(context)) return next.handle();
    const expiry = new Observable<void>((subscriber) =>
      atExpiry(caller.expiresAt, () => {
        if (transport.expired) subscriber.error(transport.expired(context));
        else subscriber.next();
      }),
    );
    return next.handle().pipe(takeUntil(expiry));
  },
};

function isGivenOnce(context: ExecutionContext): boolean {
  return context.getType() === 'rpc' && isUnary(context.getArgByIndex<unknown>(2));
}

/** Where the rule of the token is report-only, it is not enforced later either. */
function isTriedOut(context: ExecutionContext): boolean {
  const requirement = requirementOf(context);
  return requirement.access === 'protected' && requirement.reportOnly?.includes('token') === true;
}
