import type { ExecutionContext } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { bearerValue } from './bearer-token.js';
import { messageRefusal } from './message-refusal.js';
import { peerExceptions } from './peer-exceptions.js';
import { type GrpcMetadata, isGrpcMetadata, messageMetadata } from './message-metadata.js';
import type { Transport } from './transport.js';

/**
 * RPC over TCP, Redis, NATS and gRPC: the token comes as `authorization: Bearer …` in the metadata or headers of the
 * message, never in its payload. Over gRPC a refusal is a status (`UNAUTHENTICATED`, `PERMISSION_DENIED`,
 * `UNAVAILABLE`, `INVALID_ARGUMENT`) with the reason in the trailing metadata under `error-code`.
 */
export const rpcTransport: Transport = {
  carrier: messageContext,
  credentials: (context) => bearerValue(messageMetadata(messageContext(context), 'authorization')),
  refusal,
  expired: (context) => refusal(context, new AuthError('token_expired', undefined, { claim: 'exp' })),
};

function refusal(context: ExecutionContext, error: AuthError): Error {
  const RpcException = peerExceptions.rpc();
  const carrier = messageContext(context);
  return new RpcException(isGrpcMetadata(carrier) ? grpcStatus(error, carrier) : messageRefusal(error));
}

/** @throws Error for a call that has no context of its own, such as a `@GrpcStreamCall()` handler */
function messageContext(context: ExecutionContext): object {
  const carrier = context.switchToRpc().getContext<unknown>();
  if (typeof carrier === 'object' && carrier !== null) return carrier;
  throw new Error(
    `${context.getClass().name}.${context.getHandler().name} has no message context, so that no token can be found.\n\n` +
      'Potential solutions:\n- Use @GrpcStreamMethod() in place of @GrpcStreamCall().',
  );
}

/** Status codes of gRPC by those of HTTP. */
const GRPC_STATUS: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 503: 14 };

function grpcStatus(error: AuthError, sent: GrpcMetadata): object {
  const metadata = new (sent.constructor as new () => GrpcMetadata)();
  metadata.set('error-code', error.code);
  return { code: GRPC_STATUS[error.status] ?? 16, message: error.message, details: error.message, metadata };
}
