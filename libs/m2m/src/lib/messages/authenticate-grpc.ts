import type { Metadata } from '@grpc/grpc-js';
import type { ClientGrpc } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { AccessToken } from '../tokens/access-token.js';
import { callWithToken } from './call-with-token.js';
import type { MessageTokens } from './message-tokens.js';

type Method = (...args: unknown[]) => Observable<unknown>;
const unauthenticated = 16;

/**
 * A gRPC client every call of which carries the connection's token in its metadata, as `authorization`. Metadata of the
 * call are kept; the message itself is not touched.
 */
export async function authenticateGrpc(client: ClientGrpc, tokens: MessageTokens): Promise<ClientGrpc> {
  const { Metadata } = await import('@grpc/grpc-js');
  const isMetadata = (value: unknown): value is Metadata => value instanceof Metadata;

  /** The arguments of a call with the token in their metadata, which come after the request. */
  function carry([request, ...rest]: unknown[], token: AccessToken): unknown[] {
    const [given, ...options] = isMetadata(rest[0]) ? rest : [undefined, ...rest];
    const metadata = isMetadata(given) ? given.clone() : new Metadata();
    if (metadata.get('authorization').length > 0)
      throw tokens.refusal('its metadata bring an authorization of their own');
    metadata.set('authorization', token.authorization);
    return [request, metadata, ...options];
  }

  const authenticated =
    (method: Method): Method =>
    (...args) =>
      callWithToken(tokens, {
        send: (token) => method(...carry(args, token)),
        refused: saysInvalidToken,
        replayable: !isStream(args[0]),
      });

  return {
    getService<T extends object>(name: string): T {
      const service = client.getService<Record<string, Method>>(name);
      const methods = Object.entries(service).map(([key, method]) => [key, authenticated(method)]);
      return Object.fromEntries(methods) as T;
    },
    getClientByServiceName(name: string): never {
      throw tokens.refusal(`the bare client of ${name} would send without a token; use getService`);
    },
  };
}

const isStream = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && 'subscribe' in request;

/** `UNAUTHENTICATED` with a reason of `@countersign/guards` that is about the token itself. */
function saysInvalidToken(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, metadata } = error as { code?: unknown; metadata?: Metadata };
  const [reason] = metadata?.get('error-code') ?? [];
  return code === unauthenticated && reason !== undefined && reason !== 'token_missing';
}
