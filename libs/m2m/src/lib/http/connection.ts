import type { ConnectionOptions } from '../module/m2m-module-options.js';
import type { CallerToken } from '../exchange/on-behalf-of.js';
import type { TokenRequest } from '../tokens/token-request.js';

const timeout = 10_000;
const maxResponseBytes = 10 * 1024 * 1024;

/** A caller → callee edge with everything filled in. */
export interface Connection {
  /** The callee, for messages. */
  readonly name: string;
  /** Where the callee is: the token goes to this origin, below this path. */
  readonly base: URL;
  /** The token that calls carry. */
  readonly request: TokenRequest;
  /** In milliseconds. */
  readonly timeout: number;
  /** In bytes. */
  readonly maxResponseBytes: number;
  /** Whether calls are made on behalf of a caller (RFC 8693). */
  readonly exchange: boolean;
  /** Names the caller of a call that does not. */
  readonly callerToken?: () => CallerToken | undefined;
}

/** Fills in the defaults of a connection: 10 seconds, 10 MiB. */
export function connectionOf(name: string, options: ConnectionOptions): Connection {
  const { audience, scopes, organization } = options;
  return {
    name,
    base: new URL(options.baseUrl),
    request: { audience, ...(scopes && { scopes }), ...(organization !== undefined && { organization }) },
    timeout: options.timeout ?? timeout,
    maxResponseBytes: options.maxResponseBytes ?? maxResponseBytes,
    exchange: options.exchange ?? false,
  };
}
