import { HttpException } from '@nestjs/common';
import { wordsOf } from './error-body.js';

/**
 * An error that a service answers with a stable code of its own.
 *
 * @example
 * ```ts
 * throw new ServiceException(409, 'reservation_conflict', 'Order 7 is reserved with other content.');
 * ```
 */
export class ServiceException extends HttpException {
  /**
   * @param status HTTP status, 400 to 599
   * @param code what is wrong, for programs
   * @param message what is wrong, for people; a list where there are several things
   * @param options.cause the error behind it; logged, never answered
   */
  constructor(
    status: number,
    readonly code: string,
    message: string | readonly string[],
    options?: { readonly cause?: unknown },
  ) {
    super({ statusCode: status, error: wordsOf(status), message, code }, status, options);
    this.message = typeof message === 'string' ? message : message.join('; ');
  }
}
