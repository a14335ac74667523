import { context, isSpanContextValid, propagation, trace, type Context } from '@opentelemetry/api';

/** An OpenTelemetry context. Without an OpenTelemetry SDK it is empty, and everything here does nothing. */
export type TelemetryContext = Context;

/**
 * The context of an incoming request: the active one where an instrumentation already began a span for it, else what the
 * registered propagator reads from its headers.
 */
export function remoteContext(headers: Readonly<Record<string, unknown>>): TelemetryContext {
  const active = context.active();
  return trace.getSpan(active) ? active : propagation.extract(active, headers);
}

/** Runs a function within a context, so that spans begun in it belong to the trace of the request. */
export function withTelemetry<Result>(telemetry: TelemetryContext | undefined, run: () => Result): Result {
  return telemetry ? context.with(telemetry, run) : run();
}

/** What the registered propagator writes into an outgoing call; nothing without one. */
export function injectedHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Id of the active trace; `undefined` without one. */
export function activeTraceId(): string | undefined {
  const spanContext = trace.getSpanContext(context.active());
  return spanContext && isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
}
