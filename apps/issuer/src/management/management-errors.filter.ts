import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** Gives what the guards and the validation refuse the `errorCode` that Auth0's clients read. */
@Catch(HttpException)
export class ManagementErrorsFilter implements ExceptionFilter<HttpException> {
  async catch(exception: HttpException, host: ArgumentsHost): Promise<void> {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const body = exception.getResponse();
    const { code, errorCode, ...rest } = (typeof body === 'string' ? { message: body } : body) as {
      code?: string;
      errorCode?: string;
      message?: string | string[];
    };
    await reply.status(exception.getStatus()).send({
      statusCode: exception.getStatus(),
      ...rest,
      message: Array.isArray(rest.message) ? rest.message.join('; ') : rest.message,
      errorCode: errorCode ?? errorCodeOf(exception.getStatus(), code),
    });
  }
}

function errorCodeOf(status: number, code: string | undefined): string {
  if (code === 'scope_missing') return 'insufficient_scope';
  if (status === 400) return 'invalid_body';
  return code ?? 'error';
}
