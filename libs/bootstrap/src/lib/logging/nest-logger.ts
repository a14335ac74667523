import type { LoggerService } from '@nestjs/common';
import type { Level, Logger } from 'pino';
import { cutText } from './redaction.js';

/** What Nest itself says while it wires a service: of interest to whoever debugs the wiring. */
const frameworkContexts = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'ExceptionHandler',
]);

/** Nest's `Logger` on top of pino, so that every line of a service has one form. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Nest puts the context last, and an error's stack before it. */
  #write(level: Level, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const at = context !== undefined && frameworkContexts.has(context) && level !== 'warn' ? 'debug' : level;
    if (!this.logger.isLevelEnabled(at)) return;
    const details = rest
      .slice(0, context === undefined ? rest.length : -1)
      .filter((item) => item !== undefined);
    const fields = {
      ...(context !== undefined && { context }),
      ...(details.length > 0 && { details }),
    };
    if (message instanceof Error) this.logger[at]({ ...fields, err: message }, cutText(message.message));
    else if (typeof message === 'object' && message !== null) this.logger[at]({ ...fields, ...message });
    else this.logger[at](fields, cutText(String(message)));
  }
}
