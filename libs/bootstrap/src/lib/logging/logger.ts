import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../environment/server.environment.js';
import { requestContext, traceId } from '../request/request-context.js';
import { redactRecord, redactText } from './redaction.js';

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** Name of the service, in every line. */
  readonly service: string;
  /** Least level that is written. */
  readonly level: LogLevel;
  /** Where the lines go. Default: standard output. */
  readonly stream?: DestinationStream;
}

/**
 * A pino logger that writes one JSON object per line, says which request a line belongs to, and keeps secrets out:
 * properties by their name at any depth, credentials inside texts by their form.
 *
 * @example
 * ```ts
 * const log = createLogger({ service: 'orders', level: 'info' });
 * log.info({ sku: 'ABC-1' }, 'stock is low');
 * ```
 */
export function createLogger({ service, level, stream = destination(1) }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactRecord },
      serializers: { err: (error: unknown) => error },
      mixin: requestFields,
      hooks: { streamWrite: redactText },
    },
    stream,
  );
}

function requestFields(): Record<string, string> {
  const context = requestContext();
  const trace = traceId();
  return { ...(context && { requestId: context.requestId }), ...(trace && { traceId: trace }) };
}
