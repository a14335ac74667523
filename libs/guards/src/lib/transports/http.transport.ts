import type { ExecutionContext } from '@nestjs/common';
import { AccessRefusedException } from '../refusal/access-refused.exception.js';
import { speaksDpop } from '../sender/http-sender.js';
import { bearerCredentials } from './bearer-token.js';
import { connectionOf, type HttpRequest, type HttpResponse } from './http-request.js';
import type { Transport } from './transport.js';

/** HTTP on Fastify and Express: the `Authorization` header, and the refusals of RFC 6750 and RFC 9449. */
export const httpTransport: Transport = {
  carrier: (context) => context.getArgByIndex<object>(0),
  credentials: (context) => bearerCredentials(context.getArgByIndex<HttpRequest>(0)),
  request: (context) => context.getArgByIndex<HttpRequest>(0),
  connection: (context) => connectionOf(context.getArgByIndex<HttpRequest>(0)),
  refusal(context: ExecutionContext, error, challenge) {
    const { dpopAlgorithms } = challenge;
    const dpop = dpopAlgorithms !== undefined && speaksDpop(context.getArgByIndex<HttpRequest>(0));
    const refused = new AccessRefusedException(error, challenge, dpop ? 'DPoP' : 'Bearer');
    const response = context.getArgByIndex<HttpResponse>(1);
    for (const [name, value] of Object.entries(refused.headers)) response.header(name, value);
    return refused;
  },
};
