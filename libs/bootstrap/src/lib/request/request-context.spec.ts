import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { contextOf, outgoingHeaders, requestContext, runInRequestContext } from './request-context.js';
import { requestId } from './request-id.js';
import { traceContext } from './trace-context.js';

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

describe('requestId', () => {
  it.each(['a', 'order-7_2.x', 'A'.repeat(128)])('keeps a sane one: %s', (id) =>
    expect(requestId(id)).toBe(id),
  );

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['a long one', 'A'.repeat(129)],
    ['a line break', 'a\nb'],
    ['markup', '<script>'],
    ['spaces', 'a b'],
    ['two', ['a', 'b']],
    ['not ASCII', 'ä'],
  ])('makes a new one for %s', (_, inbound) => expect(requestId(inbound)).toMatch(uuid));
});

describe('traceContext', () => {
  it('reads a trace and its state', () => {
    expect(traceContext({ traceparent, tracestate: 'vendor=1' })).toEqual({
      traceparent,
      traceId,
      tracestate: 'vendor=1',
    });
  });

  it.each([
    ['none', {}],
    ['two', { traceparent: [traceparent, traceparent] }],
    ['another version', { traceparent: traceparent.replace('00-', 'ff-') }],
    ['upper case', { traceparent: traceparent.toUpperCase() }],
    ['an all-zero trace', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }],
    ['an all-zero parent', { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` }],
    ['more after it', { traceparent: `${traceparent}-x` }],
  ])('leaves out %s', (_, headers) => expect(traceContext(headers)).toBeUndefined());

  it('leaves out a state that is not printable or too long', () => {
    for (const tracestate of ['a=\u0001', 'a'.repeat(513)]) {
      expect(traceContext({ traceparent, tracestate })).toEqual({ traceparent, traceId });
    }
  });
});

describe('the context of a request', () => {
  const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;

  it('is there within it, across await, and nowhere else', async () => {
    expect(requestContext()).toBeUndefined();
    await runInRequestContext({ requestId: 'r-1' }, async () => {
      await new Promise(setImmediate);
      expect(requestContext()).toEqual({ requestId: 'r-1' });
    });
    expect(requestContext()).toBeUndefined();
  });

  it('goes into outgoing calls', () => {
    const context = contextOf(request({ 'x-request-id': 'r-1', traceparent, tracestate: 'vendor=1' }));
    expect(runInRequestContext(context, outgoingHeaders)).toEqual({
      'x-request-id': 'r-1',
      traceparent,
      tracestate: 'vendor=1',
    });
    expect(runInRequestContext(contextOf(request({ 'x-request-id': 'r-2' })), outgoingHeaders)).toEqual({
      'x-request-id': 'r-2',
    });
    expect(outgoingHeaders()).toEqual({});
  });
});
