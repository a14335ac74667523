import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { requestId, requestIdHeader } from './request-id.js';
import {
  activeTraceId,
  injectedHeaders,
  remoteContext,
  type TelemetryContext,
  withTelemetry,
} from './telemetry.js';
import { traceContext, type TraceContext } from './trace-context.js';

/** What is known about the request that is being served, wherever in the code it is asked for. */
export interface RequestContext {
  /** Id of the request: in every log line, in the response and in outgoing calls. */
  readonly requestId: string;
  /** The trace the request belongs to, where its sender named one. */
  readonly trace?: TraceContext;
  /** The OpenTelemetry context of the request, where OpenTelemetry is set up. */
  readonly telemetry?: TelemetryContext;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The request that the calling code serves; `undefined` outside a request. */
export function requestContext(): RequestContext | undefined {
  return storage.getStore();
}

/**
 * Runs a function within a request: logs and outgoing headers carry its id. For work that begins outside HTTP, such as
 * a message or a timer.
 */
export function runInRequestContext<Result>(context: RequestContext, run: () => Result): Result {
  return storage.run(context, () => withTelemetry(context.telemetry, run));
}

/** The context of an incoming HTTP request, from its headers. */
export function contextOf(request: IncomingMessage): RequestContext {
  const trace = traceContext(request.headers);
  return {
    requestId: requestId(request.headers[requestIdHeader]),
    ...(trace && { trace }),
    telemetry: remoteContext(request.headers),
  };
}

/** Id of the trace that the calling code belongs to: OpenTelemetry's, else the one the sender of the request named. */
export const traceId = (): string | undefined => activeTraceId() ?? storage.getStore()?.trace?.traceId;

/**
 * Headers that carry the current request's id and trace into an outgoing call; empty outside a request. Where
 * OpenTelemetry is set up its propagator writes the trace headers, else those of the request are passed on as they are.
 *
 * @example
 * ```ts
 * http.post('/reservations', body, { headers: outgoingHeaders() });
 * ```
 */
export function outgoingHeaders(): Record<string, string> {
  const context = storage.getStore();
  if (!context) return {};
  const id = { [requestIdHeader]: context.requestId };
  const injected = injectedHeaders();
  if (Object.keys(injected).length > 0) return { ...id, ...injected };
  const { traceparent, tracestate } = context.trace ?? {};
  return { ...id, ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) };
}
