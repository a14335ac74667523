import { HttpException } from '@nestjs/common';

/** An error of the request's own form, found by the HTTP framework before any handler ran. */
export interface FrameworkError {
  readonly status: number;
  readonly code: string;
  /** In our own words: those of the framework may repeat what was sent. */
  readonly message: string;
}

/** The address of a request that no router can read. */
export const malformedAddress: FrameworkError = {
  status: 400,
  code: 'request_invalid',
  message: 'The address of the request is malformed.',
};

const bodyMalformed = { status: 400, code: 'body_malformed', message: 'The body is not well-formed JSON.' };

const byStatus: Readonly<Record<number, FrameworkError>> = {
  400: malformedAddress,
  408: { status: 408, code: 'request_timeout', message: 'The request took too long to arrive.' },
  413: { status: 413, code: 'body_too_large', message: 'The body is larger than this service accepts.' },
  414: {
    status: 414,
    code: 'uri_too_long',
    message: 'A part of the address is longer than this service accepts.',
  },
  415: {
    status: 415,
    code: 'media_type_unsupported',
    message: 'This service reads bodies of the type application/json.',
  },
};

/**
 * Recognises an error of Fastify, of Express or of a package that follows `http-errors`, bare or as Nest wraps it.
 *
 * @returns `undefined` for every other error and for faults of the server
 */
export function frameworkError(exception: unknown): FrameworkError | undefined {
  const error = exception instanceof HttpException ? exception.cause : exception;
  if (!(error instanceof Error)) return undefined;
  const { statusCode, code, expose, body } = error as Partial<
    Record<'statusCode' | 'code' | 'expose' | 'body', unknown>
  >;
  const ofFastify = error.name === 'FastifyError' || (typeof code === 'string' && code.startsWith('FST_'));
  const ofHttpErrors = typeof expose === 'boolean' || (error instanceof URIError && statusCode === undefined);
  if (!ofFastify && !ofHttpErrors) return undefined;
  const status = typeof statusCode === 'number' ? statusCode : 400;
  const aboutBody = body !== undefined || (typeof code === 'string' && code.startsWith('FST_ERR_CTP'));
  return status === 400 && aboutBody ? bodyMalformed : byStatus[status];
}
