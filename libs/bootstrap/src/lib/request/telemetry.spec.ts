import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  trace,
  type Context,
  type ContextManager,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contextOf, outgoingHeaders, runInRequestContext, traceId } from './request-context.js';

/** What OpenTelemetry's Node SDK registers, cut down to what these tests need. */
class LocalContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with = <A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    fn: F,
    self?: ThisParameterType<F>,
    ...args: A
  ) => this.#storage.run(active, () => fn.call(self, ...args));
  bind = <T>(_active: Context, target: T) => target;
  enable = () => this;
  disable = () => this;
}

const remoteTrace = '0af7651916cd43dd8448eb211c80319c';
const remoteSpan = 'b7ad6b7169203331';
const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;
const inbound = () =>
  contextOf(
    request({ 'x-request-id': 'r-1', traceparent: `00-${remoteTrace}-${remoteSpan}-01`, tracestate: 'a=1' }),
  );

describe('with OpenTelemetry set up', () => {
  beforeAll(() => {
    context.setGlobalContextManager(new LocalContextManager());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(new BasicTracerProvider());
  });

  afterAll(() => {
    for (const api of [context, propagation, trace]) api.disable();
  });

  it('spans within a request belong to the trace of its sender, and outgoing calls to the span', () => {
    runInRequestContext(inbound(), () => {
      expect(traceId()).toBe(remoteTrace);
      trace.getTracer('test').startActiveSpan('call inventory', (span) => {
        const { spanId, traceId: of } = span.spanContext();
        expect(of).toBe(remoteTrace);
        expect(spanId).not.toBe(remoteSpan);
        expect(outgoingHeaders()).toEqual({
          'x-request-id': 'r-1',
          traceparent: `00-${remoteTrace}-${spanId}-01`,
          tracestate: 'a=1',
        });
        span.end();
      });
    });
    expect(traceId()).toBeUndefined();
  });

  it('a span that an instrumentation began for the request stays its parent', () => {
    trace.getTracer('instrumentation').startActiveSpan('GET', (span) => {
      const received = inbound();
      context.with(ROOT_CONTEXT, () =>
        runInRequestContext(received, () => expect(traceId()).toBe(span.spanContext().traceId)),
      );
      expect(span.spanContext().traceId).not.toBe(remoteTrace);
      span.end();
    });
  });
});

describe('without OpenTelemetry', () => {
  it('the trace headers of the request are passed on as they are', () => {
    expect(runInRequestContext(inbound(), outgoingHeaders)).toEqual({
      'x-request-id': 'r-1',
      traceparent: `00-${remoteTrace}-${remoteSpan}-01`,
      tracestate: 'a=1',
    });
    expect(runInRequestContext(inbound(), traceId)).toBe(remoteTrace);
  });
});
