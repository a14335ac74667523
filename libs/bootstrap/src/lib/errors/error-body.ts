import { STATUS_CODES } from 'node:http';

/** The body of every error answer of a service. */
export interface ErrorBody {
  /** The HTTP status. */
  readonly statusCode: number;
  /** The status in words, such as `Not Found`. */
  readonly error: string;
  /** What is wrong, for people; a list where there are several things, as with invalid input. */
  readonly message: string | readonly string[];
  /** What is wrong, for programs. Stable. */
  readonly code: string;
  /** Id of the request, to find it in the logs. */
  readonly requestId: string;
}

const codes: Readonly<Record<number, string>> = {
  400: 'request_invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'request_timeout',
  409: 'conflict',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'media_type_unsupported',
  422: 'unprocessable',
  429: 'too_many_requests',
  500: 'internal_error',
  501: 'not_implemented',
  502: 'bad_gateway',
  503: 'unavailable',
  504: 'timeout',
};

/** The code of an error that brings none of its own. */
export const codeOf = (status: number): string =>
  codes[status] ?? (status < 500 ? 'request_invalid' : 'internal_error');

/** The words of a status. */
export const wordsOf = (status: number): string => STATUS_CODES[status] ?? 'Error';

/** An {@link ErrorBody}; the words are those of the status. */
export function errorBody(
  status: number,
  message: string | readonly string[],
  code: string,
  requestId: string,
): ErrorBody {
  return { statusCode: status, error: wordsOf(status), message, code, requestId };
}
