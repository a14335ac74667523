import type { ExecutionContext } from '@nestjs/common';
import type { AuthError } from '../errors/auth-error.js';
import type { Challenge } from '../refusal/challenge.js';
import type { Caller } from '../verifier/caller.js';
import { graphqlTransport } from './graphql.transport.js';
import type { HttpRequest } from './http-request.js';
import { httpTransport } from './http.transport.js';
import { rpcTransport } from './rpc.transport.js';
import { wsTransport } from './ws.transport.js';

/** What differs from one of Nest's transports to the next: where the token is, and how a refusal looks. */
export interface Transport {
  /** The object that lives as long as the authentication does, and that the caller is kept on. */
  carrier(context: ExecutionContext): object;
  /**
   * The bearer token as it was sent.
   *
   * @throws AuthError `token_missing`, `request_malformed`
   */
  credentials(context: ExecutionContext): string;
  /** The HTTP request that the call came with; absent on a transport that carries bearer tokens alone. */
  request?(context: ExecutionContext): HttpRequest;
  /** The connection that the call came on; absent on a transport that does not show it. */
  connection?(context: ExecutionContext): object | undefined;
  /** Told who calls, once per call, where the transport keeps watch over what outlives it. */
  accepted?(context: ExecutionContext, caller: Caller): void;
  /** The error to throw, so that the transport's own clients understand the refusal. */
  refusal(context: ExecutionContext, error: AuthError, challenge: Challenge): Error;
  /** The error that ends an answer when its token expires; absent where there is no form for it, and it completes. */
  expired?(context: ExecutionContext): Error;
}

const TRANSPORTS: ReadonlyMap<string, Transport> = new Map([
  ['rpc', rpcTransport],
  ['ws', wsTransport],
  ['graphql', graphqlTransport],
]);

/**
 * The transport of a call.
 *
 * @throws Error for a context type that no guard here knows: such a call is never let through
 */
export function transportOf(context: ExecutionContext): Transport {
  const type = context.getType<string>();
  const transport = type === 'http' ? httpTransport : TRANSPORTS.get(type);
  if (!transport) {
    throw new Error(`No guard of @countersign/guards knows the transport "${type}".`);
  }
  return transport;
}
