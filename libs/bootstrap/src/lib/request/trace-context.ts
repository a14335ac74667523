/** The trace a request belongs to, as its sender said it (W3C Trace Context, level 1). */
export interface TraceContext {
  /** `traceparent` as received. */
  readonly traceparent: string;
  /** `tracestate` as received, where there is one. */
  readonly tracestate?: string;
  /** The 32 hexadecimal digits that name the trace. */
  readonly traceId: string;
}

const traceparentOf = /^00-(?<traceId>[0-9a-f]{32})-(?<parentId>[0-9a-f]{16})-[0-9a-f]{2}$/;
const tracestateOf = /^[\x20-\x7e]{1,512}$/;

/**
 * Reads the trace headers of a request. Whatever does not keep to the specification is left out, so that nothing of a
 * stranger's making is logged or sent on.
 *
 * @param headers request headers, names in lower case
 */
export function traceContext(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string') return undefined;
  const { traceId, parentId } = traceparentOf.exec(traceparent)?.groups ?? {};
  if (!traceId || !parentId || /^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return {
    traceparent,
    traceId,
    ...(typeof tracestate === 'string' && tracestateOf.test(tracestate) && { tracestate }),
  };
}
