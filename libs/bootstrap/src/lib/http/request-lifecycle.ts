import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Level, Logger } from 'pino';
import { redactText } from '../logging/redaction.js';
import { contextOf, runInRequestContext, type RequestContext } from '../request/request-context.js';
import { requestIdHeader } from '../request/request-id.js';
import type { RequestsInFlight } from './requests-in-flight.js';

/** What a framework knows about a request by the time it is answered. */
export interface RequestView {
  /** Pattern of the route, such as `/orders/:id`; `undefined` where none matched. */
  readonly route: string | undefined;
  /** Client id of the authenticated caller. */
  readonly client: string | undefined;
}

/** The same for every framework: a request gets its context, is counted, carries its id back, and is logged once. */
export class RequestLifecycle {
  readonly #contexts = new WeakMap<IncomingMessage, RequestContext>();

  constructor(
    private readonly logger: Logger,
    private readonly inFlight: RequestsInFlight,
  ) {}

  /**
   * Begins a request; a second call for the same one only answers its context.
   *
   * @param view asked once, when the response is closed
   */
  begin(request: IncomingMessage, response: ServerResponse, view?: () => RequestView): RequestContext {
    const known = this.#contexts.get(request);
    if (known) return known;
    const context = contextOf(request);
    const startedAt = performance.now();
    this.#contexts.set(request, context);
    this.inFlight.add(request, response);
    response.setHeader(requestIdHeader, context.requestId);
    response.setHeader('cache-control', 'no-store');
    response.once('close', () => {
      const level = levelOf(request, response);
      if (!this.logger.isLevelEnabled(level)) return;
      runInRequestContext(context, () =>
        this.#log(level, request, response, performance.now() - startedAt, view?.()),
      );
    });
    return context;
  }

  /** Runs the rest of a request within its context. */
  within(request: IncomingMessage, response: ServerResponse, run: () => void): void {
    runInRequestContext(this.begin(request, response), run);
  }

  #log(
    level: Level,
    request: IncomingMessage,
    response: ServerResponse,
    ms: number,
    view: RequestView | undefined,
  ): void {
    this.logger[level](
      {
        method: request.method,
        route: view?.route,
        ...(view?.route === undefined && { path: pathOf(request) }),
        status: response.statusCode,
        ms: Math.round(ms * 10) / 10,
        ...(view?.client !== undefined && { client: view.client }),
        ...(!response.writableFinished && { aborted: true }),
      },
      'request',
    );
  }
}

/** Health checks come every few seconds and say nothing that the orchestrator does not know. */
function levelOf({ url }: IncomingMessage, { statusCode }: ServerResponse): Level {
  if (url?.startsWith('/health/')) return 'debug';
  return statusCode >= 500 ? 'error' : 'info';
}

/** The path without its query, which may hold anything. */
const pathOf = (request: IncomingMessage): string =>
  redactText((request.url ?? '/').split('?', 1)[0]!).slice(0, 200);
