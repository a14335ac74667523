import { HttpException } from '@nestjs/common';

const names: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
};

/** A refusal of the management API, in the form of Auth0: `{ statusCode, error, message, errorCode }`. */
export class ManagementError extends HttpException {
  constructor(status: number, errorCode: string, message: string) {
    super({ statusCode: status, error: names[status] ?? 'Error', message, errorCode }, status);
  }
}

/** There is no such thing. */
export const inexistent = (kind: string) =>
  new ManagementError(404, `inexistent_${kind}`, `The ${kind.replaceAll('_', ' ')} does not exist.`);

/** There is one already. */
export const conflict = (message: string) => new ManagementError(409, 'conflict', message);
