import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import type { HttpPlatform } from '../http/http-platform.js';
import { causesOf } from './causes.js';
import { codeOf, errorBody, wordsOf, type ErrorBody } from './error-body.js';
import { frameworkError } from './framework-error.js';
import { isRpcException, messageError } from './message-error.js';
import { ServiceException } from './service.exception.js';

interface Answer {
  readonly status: number;
  /** Goes out as it is. */
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers every error in one form ({@link ErrorBody}). What went wrong inside is logged and not told: an unknown error
 * is 500 `internal_error`. An exception of another library whose body is already complete, with a status, a message
 * and a code, is answered as it is.
 */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  readonly #logger = new Logger('Errors');

  constructor(private readonly platform: HttpPlatform) {}

  catch(exception: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType<string>() === 'rpc') return this.#refuseMessage(exception, host);
    if (host.getType<string>() !== 'http') throw exception;
    const request = host.switchToHttp().getRequest<object>();
    const response = host.switchToHttp().getResponse<object>();
    const { adapter } = this.platform;
    const answer = this.#answer(exception, request, this.platform.contextOf(request, response).requestId);
    this.#log(exception, answer.status);
    if (adapter.isHeadersSent(response)) {
      adapter.end(response);
      return;
    }
    for (const [name, value] of Object.entries(answer.headers ?? {}))
      adapter.setHeader(response, name, value);
    adapter.reply(response, answer.body, answer.status);
  }

  #refuseMessage(exception: unknown, host: ArgumentsHost): Observable<never> {
    const answer = messageError(exception, host);
    this.#log(exception, statusOf(exception));
    return throwError(() => answer);
  }

  #answer(exception: unknown, request: object, requestId: string): Answer {
    const known = frameworkError(exception);
    if (known) return answerOf(known.status, known.message, known.code, requestId);
    if (!(exception instanceof HttpException)) {
      return answerOf(500, 'Something went wrong inside the service.', codeOf(500), requestId);
    }
    return this.#unknownRoute(exception, request, requestId) ?? fromHttpException(exception, requestId);
  }

  /** The router's own "not found": a path that nothing serves, or one that serves other methods. */
  #unknownRoute(exception: HttpException, request: object, requestId: string): Answer | undefined {
    const { adapter } = this.platform;
    const method = adapter.getRequestMethod(request) as string;
    const url = adapter.getRequestUrl(request) as string;
    if (exception.message !== `Cannot ${method} ${url}`) return undefined;
    const methods = this.platform.routes().methodsAt(url);
    if (methods.length === 0) return answerOf(404, 'There is no such route.', 'route_unknown', requestId);
    const allow = methods.join(', ');
    return { ...answerOf(405, `This route answers ${allow}.`, codeOf(405), requestId), headers: { allow } };
  }

  #log(exception: unknown, status: number): void {
    if (status < 500) return;
    if (!(exception instanceof HttpException)) {
      this.#logger.error(
        exception instanceof Error ? exception : new Error('A value was thrown that is no error.'),
      );
      return;
    }
    const cause = causesOf(exception);
    if (cause !== undefined) this.#logger.warn({ msg: exception.message, status, cause });
  }
}

function answerOf(
  status: number,
  message: string | readonly string[],
  code: string,
  requestId: string,
): Answer {
  return { status, body: errorBody(status, message, code, requestId) };
}

function fromHttpException(exception: HttpException, requestId: string): Answer {
  const status = exception.getStatus();
  const body = exception.getResponse();
  if (typeof body === 'string') return answerOf(status, body, codeOf(status), requestId);
  const { statusCode, message, code } = body as Partial<Record<keyof ErrorBody, unknown>>;
  const complete = statusCode === status && isMessage(message) && typeof code === 'string';
  if (complete && !(exception instanceof ServiceException)) return { status, body };
  return answerOf(
    status,
    isMessage(message) ? message : wordsOf(status),
    typeof code === 'string' ? code : codeOf(status),
    requestId,
  );
}

const isMessage = (value: unknown): value is string | readonly string[] =>
  typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));

/** The status of an exception that is to be logged; an answer of another library is for its sender. */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  return isRpcException(exception) ? 400 : 500;
}
