import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import {
  type Context,
  context,
  type ContextManager,
  metrics,
  propagation,
  ROOT_CONTEXT,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { firstValueFrom } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenTelemetry } from '../src/lib/telemetry/token-telemetry.js';
import { audience, clientSecret, optionsFor, startApp } from './support/app.js';
import { refuse, startCallee, type TestCallee } from './support/callee.js';
import { json, startIssuer, type TestIssuer } from './support/issuer.js';
import { errorOf } from './support/leaks.js';

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meters = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
});
const spans = new InMemorySpanExporter();
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const active = new AsyncLocalStorage<Context>();
const contexts: ContextManager = {
  active: () => active.getStore() ?? ROOT_CONTEXT,
  with: (next, run, thisArg, ...args) => active.run(next, () => run.apply(thisArg, args)),
  bind: (_next, target) => target,
  enable: () => contexts,
  disable: () => contexts,
};

beforeAll(() => {
  metrics.setGlobalMeterProvider(meters);
  trace.setGlobalTracerProvider(tracers);
  context.setGlobalContextManager(contexts);
  propagation.setGlobalPropagator({
    inject(from: Context, carrier: unknown, setter: TextMapSetter) {
      const span = trace.getSpanContext(from);
      if (span) setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-01`);
    },
    extract: (from: Context) => from,
    fields: () => ['traceparent'],
  });
});

afterAll(async () => {
  await Promise.all([meters.shutdown(), tracers.shutdown()]);
  metrics.disable();
  trace.disable();
  context.disable();
  propagation.disable();
});

let issuer: TestIssuer;
let callee: TestCallee;
let app: Awaited<ReturnType<typeof startApp>>;

beforeEach(async () => {
  exporter.reset();
  spans.reset();
  issuer = await startIssuer();
  callee = await startCallee();
  app = await startApp(optionsFor(issuer, callee));
});

afterEach(async () => {
  await app.close();
  await issuer.close();
  await callee.close();
});

const get = () => firstValueFrom(app.http.get('/'));

/** The points of every metric, by name. */
async function measured() {
  await meters.forceFlush();
  const [latest] = exporter.getMetrics().slice(-1);
  const all = latest?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
  return new Map(all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
}

describe('metrics', () => {
  it('count what was minted and served, and how long the token still lives', async () => {
    await get();
    await get();
    await get();
    const points = await measured();
    const labels = { audience };
    expect(points.get('countersign.m2m.minted')).toMatchObject([{ value: 1, attributes: labels }]);
    expect(points.get('countersign.m2m.served')).toMatchObject([{ value: 2, attributes: labels }]);
    expect(points.get('countersign.m2m.saved')).toMatchObject([{ value: 0, attributes: labels }]);
    const [usable] = points.get('countersign.m2m.usable') ?? [];
    expect(usable?.value).toBeGreaterThan(3_500);
    expect(points.get('countersign.m2m.mint.duration')).toMatchObject([
      { value: { count: 1 }, attributes: { audience, refresh: false } },
    ]);
  });

  it('count failures by code, and tokens that a callee refused', async () => {
    issuer.always = json(401, { error: 'invalid_client', error_description: 'secret-description' });
    await errorOf(get());
    issuer.always = undefined;
    const points = await measured();
    expect(points.get('countersign.m2m.failed')).toMatchObject([
      { value: 1, attributes: { audience, code: 'client_rejected', bridged: false } },
    ]);
    await app.close();
    app = await startApp(optionsFor(issuer, callee));
    callee.answer = refuse(401, 'Bearer error="invalid_token"');
    await errorOf(get());
    expect((await measured()).get('countersign.m2m.dropped')).toMatchObject([
      { value: 1, attributes: { audience } },
    ]);
  });

  it('are no longer read once the app has ended', async () => {
    let reads = 0;
    const telemetry = new TokenTelemetry(() => {
      reads++;
      return [];
    });
    await measured();
    expect(reads).toBe(1);
    telemetry.close();
    await measured();
    expect(reads).toBe(1);
  });
});

describe('spans', () => {
  it('one for each token request, with its outcome, below that of the caller', async () => {
    const parent = trace.getTracer('test').startSpan('parent');
    await context.with(trace.setSpan(ROOT_CONTEXT, parent), get);
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'mint access token',
      attributes: {
        'countersign.m2m.issuer': issuer.issuer,
        'countersign.m2m.audience': audience,
        'countersign.m2m.outcome': 'minted',
      },
    });
    expect(span?.spanContext().traceId).toBe(parent.spanContext().traceId);
    parent.end();
  });

  it('a failure is an error with its code alone', async () => {
    issuer.always = json(401, { error: 'invalid_client', error_description: 'secret-description' });
    await errorOf(get());
    expect(spans.getFinishedSpans()[0]).toMatchObject({
      status: { message: 'client_rejected' },
      attributes: { 'countersign.m2m.outcome': 'client_rejected' },
    });
  });

  it('nothing of a token or a secret is in metrics and spans', async () => {
    await get();
    const points = await measured();
    const told = JSON.stringify([
      [...points],
      spans
        .getFinishedSpans()
        .map(({ name, attributes, status, events }) => [name, attributes, status, events]),
    ]);
    expect(told).toContain(audience);
    for (const secret of [...issuer.tokens, clientSecret]) expect(told).not.toContain(secret);
  });
});

describe('the trace of the caller', () => {
  it('goes along with a call through the HttpService and through fetch', async () => {
    const span = trace.getTracer('test').startSpan('caller');
    await context.with(trace.setSpan(ROOT_CONTEXT, span), async () => {
      await get();
      await app.fetch('/');
    });
    const { traceId, spanId } = span.spanContext();
    const expected = `00-${traceId}-${spanId}-01`;
    expect(callee.calls.map(({ headers }) => headers['traceparent'])).toEqual([expected, expected]);
    span.end();
  });

  it('is left to an instrumentation of fetch where there is one', async () => {
    const span = trace.getTracer('test').startSpan('caller');
    const listener = () => undefined;
    channel('undici:request:create').subscribe(listener);
    try {
      await context.with(trace.setSpan(ROOT_CONTEXT, span), () => app.fetch('/'));
    } finally {
      channel('undici:request:create').unsubscribe(listener);
    }
    expect(callee.calls[0]?.headers['traceparent']).toBeUndefined();
    span.end();
  });
});
