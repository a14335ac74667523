import { type Context, propagation, type TextMapSetter } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { passTraceOn } from './trace-headers.js';

const writing = (written: Record<string, string>) =>
  propagation.setGlobalPropagator({
    inject(_context: Context, carrier: unknown, setter: TextMapSetter) {
      for (const [name, value] of Object.entries(written)) setter.set(carrier, name, value);
    },
    extract: (context: Context) => context,
    fields: () => Object.keys(written),
  });

afterEach(() => propagation.disable());

describe('the trace of a call', () => {
  it('is passed on by the propagator of the app', () => {
    writing({ traceparent: '00-1-2-01' });
    const headers = new Headers();
    passTraceOn(headers);
    expect([...headers]).toEqual([['traceparent', '00-1-2-01']]);
  });

  it('is left alone without a propagator', () => {
    const headers = new Headers();
    passTraceOn(headers);
    expect([...headers]).toEqual([]);
  });

  it('does not replace what the call sets, and never writes credentials', () => {
    writing({ traceparent: '00-1-2-01', Authorization: 'Bearer x', DPoP: 'x', host: 'x' });
    const headers = new Headers({ traceparent: '00-own' });
    passTraceOn(headers);
    expect([...headers]).toEqual([['traceparent', '00-own']]);
  });
});
