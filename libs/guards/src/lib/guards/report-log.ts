import { type ExecutionContext, Logger } from '@nestjs/common';
import { routesOfHandler } from '../audit/handlers.js';
import type { AuthError } from '../errors/auth-error.js';

/** How long a route is silent about one code after it was logged, in milliseconds. */
const QUIET_MS = 60_000;

interface Entry {
  loggedAt: number;
  unlogged: number;
}

/**
 * Logs what report-only rules would have refused: the first call of a route and code at once, then one line a minute
 * that says how many there were. A line holds the route and the code, and nothing of the call.
 */
export class ReportLog {
  readonly #logger = new Logger('AuthModule');
  /** By route and code; both are finite. */
  readonly #entries = new Map<string, Entry>();

  /** @param clock milliseconds since the epoch; default `Date.now` */
  constructor(private readonly clock: () => number = Date.now) {}

  /** Notes one call that would have been refused. */
  report(context: ExecutionContext, { code, reason }: AuthError): void {
    const route = nameOf(context);
    const now = this.clock();
    const entry = this.#entries.get(`${code} ${route}`) ?? {
      loggedAt: Number.NEGATIVE_INFINITY,
      unlogged: 0,
    };
    this.#entries.set(`${code} ${route}`, entry);
    entry.unlogged++;
    if (now < entry.loggedAt + QUIET_MS) return;
    const times = entry.unlogged === 1 ? '' : `, ${entry.unlogged} times`;
    const why = reason === undefined ? code : `${code} (${reason})`;
    this.#logger.warn(`${route} would be refused: ${why}${times}, and is not because that is report-only`);
    entry.loggedAt = now;
    entry.unlogged = 0;
  }
}

function nameOf(context: ExecutionContext): string {
  const [controller, handler] = [context.getClass(), context.getHandler()];
  const [route] = routesOfHandler(controller, handler, handler.name);
  const name = `${controller.name}.${handler.name}`;
  return route === undefined ? name : `${name} ${route}`;
}
