/** What grpc-js keeps beneath a call, behind one such object for each interceptor of the server. */
interface InnerCall {
  readonly nextCall?: InnerCall;
  readonly handler?: { readonly type?: unknown };
}

/**
 * Whether a call of gRPC has one request and one answer. What grpc-js hands to the handler of such a call is of the
 * same class as for a stream, so that its own note of the method is what tells them apart; a call without one is taken
 * for a stream.
 *
 * @param call the third argument of a handler
 */
export function isUnary(call: unknown): boolean {
  let inner = (call as { readonly call?: InnerCall } | undefined)?.call;
  while (inner?.nextCall) inner = inner.nextCall;
  return inner?.handler?.type === 'unary';
}
