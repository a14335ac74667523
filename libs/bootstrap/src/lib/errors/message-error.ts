import type { ArgumentsHost } from '@nestjs/common';
import { HttpException } from '@nestjs/common';
import { codeOf, wordsOf } from './error-body.js';

/** What the sender of a message is answered where it fails. */
export interface MessageErrorBody {
  readonly status: 'error';
  readonly statusCode: number;
  readonly error: string;
  readonly message: string | readonly string[];
  readonly code: string;
}

/** The metadata of a gRPC call, as `@grpc/grpc-js` hands it over. */
interface GrpcMetadata {
  set(key: string, value: string): void;
  getMap(): object;
}

/** Status codes of gRPC by those of HTTP. */
const grpcStatus: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 10,
  429: 8,
  503: 14,
  504: 4,
};
const grpcInternal = 13;

/**
 * The answer to a message that failed: an {@link MessageErrorBody}, or over gRPC a status with the code in the trailing
 * metadata under `error-code`. An exception that already is an answer (`RpcException`) is passed on. Nothing is told of
 * an unknown error.
 */
export function messageError(exception: unknown, host: ArgumentsHost): object {
  const answer = ownAnswer(exception) ?? bodyOf(exception);
  const metadata = host.switchToRpc().getContext<unknown>();
  return isGrpcMetadata(metadata) && 'statusCode' in answer
    ? grpcError(answer as MessageErrorBody, metadata)
    : answer;
}

/** Nest's `RpcException`, recognised by its form, since the package that it is in is optional. */
export function isRpcException(exception: unknown): exception is Error & { getError(): unknown } {
  return exception instanceof Error && 'getError' in exception && typeof exception.getError === 'function';
}

function ownAnswer(exception: unknown): object | undefined {
  if (!isRpcException(exception)) return undefined;
  const answer = exception.getError();
  return typeof answer === 'object' && answer !== null ? answer : { status: 'error', message: answer };
}

function bodyOf(exception: unknown): MessageErrorBody {
  const status = exception instanceof HttpException ? exception.getStatus() : 500;
  const body = exception instanceof HttpException ? exception.getResponse() : undefined;
  const { message, code } = (typeof body === 'object' ? body : {}) as Partial<MessageErrorBody>;
  return {
    status: 'error',
    statusCode: status,
    error: wordsOf(status),
    message: message ?? (typeof body === 'string' ? body : 'Something went wrong inside the service.'),
    code: code ?? codeOf(status),
  };
}

function isGrpcMetadata(context: unknown): context is GrpcMetadata {
  return typeof context === 'object' && context !== null && 'getMap' in context && 'set' in context;
}

function grpcError({ statusCode, message, code }: MessageErrorBody, sent: GrpcMetadata): object {
  const metadata = new (sent.constructor as new () => GrpcMetadata)();
  metadata.set('error-code', code);
  const details = [message].flat().join('; ');
  return { code: grpcStatus[statusCode] ?? grpcInternal, message: details, details, metadata };
}
