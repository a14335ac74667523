import type { ExecutionContext } from '@nestjs/common';
import type { AuthError } from '../errors/auth-error.js';
import { AccessRefusedException } from '../refusal/access-refused.exception.js';
import type { Challenge } from '../refusal/challenge.js';
import { bearerCredentials } from './bearer-token.js';
import { endWithToken } from './end-with-token.js';
import { connectionOf, type HttpRequest, type HttpResponse } from './http-request.js';
import type { Transport } from './transport.js';

interface GraphqlContext {
  readonly req?: HttpRequest;
  readonly request?: HttpRequest;
  readonly reply?: HttpResponse & { readonly request?: HttpRequest };
}

/**
 * GraphQL over HTTP, and its subscriptions where their context holds the request of the handshake as `req`: the
 * `Authorization` header of that request. A refusal is an error of the field, with the reason under `extensions`. The
 * connection of a handshake ends when its token expires.
 */
export const graphqlTransport: Transport = {
  carrier: requestOf,
  credentials: (context) => bearerCredentials(requestOf(context)),
  request: requestOf,
  connection: (context) => connectionOf(requestOf(context)),
  accepted: (context, { expiresAt }) => endWithToken(requestOf(context), expiresAt),
  refusal: (_context, error, challenge) => new GraphqlRefusedException(error, challenge),
};

/** @throws Error where the GraphQL context holds no request */
function requestOf(context: ExecutionContext): HttpRequest {
  const { req, request, reply } = context.getArgByIndex<GraphqlContext | undefined>(2) ?? {};
  const found = req ?? request ?? reply?.request;
  if (found) return found;
  throw new Error(
    `The GraphQL context of ${context.getClass().name}.${context.getHandler().name} holds no request.\n\n` +
      'Potential solutions:\n- Put it there: GraphQLModule.forRoot({ context: (req) => ({ req }) }).\n' +
      '- For subscriptions: subscription: { context: (_, req) => ({ req }) }.',
  );
}

/** A refusal as a GraphQL error: graphql-js takes `extensions` over from the error that a resolver throws. */
class GraphqlRefusedException extends AccessRefusedException {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(error: AuthError, challenge: Challenge) {
    super(error, challenge);
    this.extensions = {
      code: error.code,
      statusCode: error.status,
      ...(error.error && { error: error.error }),
      ...(error.scopes && { scopes: error.scopes }),
      ...(error.dpopNonce !== undefined && { dpopNonce: error.dpopNonce }),
      ...(error.status === 503 && { retryAfter: error.retryAfter ?? 1 }),
    };
  }
}
