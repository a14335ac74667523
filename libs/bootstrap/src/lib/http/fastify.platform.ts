import type { IncomingMessage, ServerResponse } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { errorBody } from '../errors/error-body.js';
import { frameworkError, malformedAddress } from '../errors/framework-error.js';
import {
  maxParamLength,
  requestTimeout,
  type HttpPlatform,
  type HttpPlatformOptions,
} from './http-platform.js';
import { clientOf, rawRequest, rawResponse } from './raw.js';
import { RouteTable, type Route } from './route-table.js';
import { securityHeaders } from './security-headers.js';

/** The part of a Fastify reply that answers what the router refuses. */
interface RouterReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Fastify, reading JSON bodies and nothing else. */
export function fastifyPlatform({ bodyLimit, trustProxy, lifecycle }: HttpPlatformOptions): HttpPlatform {
  const adapter = new FastifyAdapter({
    bodyLimit,
    requestTimeout,
    trustProxy: trustProxy && [...trustProxy],
    routerOptions: { maxParamLength },
    // What the router itself refuses reaches no hook and no filter.
    frameworkErrors: (error: Error, request: { raw: IncomingMessage }, reply: RouterReply) => {
      reply.hijack();
      const { requestId } = lifecycle.begin(request.raw, reply.raw);
      const { status, message, code } = frameworkError(error) ?? malformedAddress;
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      };
      reply.raw.writeHead(status, headers).end(JSON.stringify(errorBody(status, message, code, requestId)));
    },
  });
  const routes: Route[] = [];
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser(['text/plain', 'application/json']);
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  // No body is no body, whatever type it is said to have.
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body, done);
  });
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat()) routes.push({ method: name, path: url });
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    lifecycle.begin(request.raw, reply.raw, () => ({
      route: request.routeOptions.url,
      client: clientOf(request),
    }));
    lifecycle.within(request.raw, reply.raw, done);
  });
  // The body arrives on the socket's own asynchronous context, so the request's is entered again once it has been read.
  fastify.addHook('preValidation', (request, reply, done) => lifecycle.within(request.raw, reply.raw, done));
  return {
    adapter,
    prepare: (app) => void app.useSecurityHeaders(securityHeaders),
    routes: () => new RouteTable(routes),
    contextOf: (request, response) => lifecycle.begin(rawRequest(request), rawResponse(response)),
  };
}
