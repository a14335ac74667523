import type { AuthError } from '../errors/auth-error.js';

/** How a refusal reads for a client of messages, over RPC and WebSocket. */
export interface MessageRefusal {
  readonly status: 'error';
  readonly statusCode: number;
  readonly error?: string;
  readonly message: string;
  readonly code: string;
  /** Seconds after which it is worth trying again; only where keys cannot be had. */
  readonly retryAfter?: number;
}

/** The refusal as Nest's `RpcException` and `WsException` carry it. */
export function messageRefusal(error: AuthError): MessageRefusal {
  return {
    status: 'error',
    statusCode: error.status,
    ...(error.error && { error: error.error }),
    message: error.message,
    code: error.code,
    ...(error.status === 503 && { retryAfter: error.retryAfter ?? 1 }),
  };
}
