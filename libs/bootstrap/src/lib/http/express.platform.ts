import type { IncomingMessage, ServerResponse } from 'node:http';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { HttpPlatform, HttpPlatformOptions } from './http-platform.js';
import { requestTimeout } from './http-platform.js';
import { clientOf, rawRequest, rawResponse } from './raw.js';
import { RouteTable, type Route } from './route-table.js';
import { securityHeaders } from './security-headers.js';

/** The part of an Express application's router that says which routes it has. */
interface ExpressRouter {
  readonly stack: readonly {
    readonly route?: {
      readonly path: string | string[];
      readonly methods: Readonly<Record<string, boolean>>;
    };
  }[];
}

type ExpressRequest = IncomingMessage & { readonly route?: { readonly path?: string } };

/**
 * Express, reading JSON bodies and nothing else. Loaded when it is asked for: a service on Fastify needs no
 * `@nestjs/platform-express`.
 */
export async function expressPlatform({
  bodyLimit,
  trustProxy,
  lifecycle,
}: HttpPlatformOptions): Promise<HttpPlatform> {
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  const adapter = new ExpressAdapter();
  adapter.set('trust proxy', trustProxy && [...trustProxy]);
  adapter.use((request: ExpressRequest, response: ServerResponse, next: () => void) => {
    lifecycle.begin(request, response, () => ({ route: request.route?.path, client: clientOf(request) }));
    lifecycle.within(request, response, next);
  });
  return {
    adapter,
    prepare: (app) => {
      app.useSecurityHeaders(securityHeaders);
      adapter.getHttpServer().requestTimeout = requestTimeout;
      adapter.use(refuseOtherBodies);
      adapter.useBodyParser('json', false, { limit: bodyLimit });
    },
    routes: () => new RouteTable(routesOf(adapter.getInstance<{ router: ExpressRouter }>().router)),
    contextOf: (request, response) => lifecycle.begin(rawRequest(request), rawResponse(response)),
  };
}

function refuseOtherBodies(
  request: IncomingMessage,
  _response: unknown,
  next: (error?: unknown) => void,
): void {
  const { headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
  next(hasBody && !isJson ? new UnsupportedMediaTypeException() : undefined);
}

function* routesOf({ stack }: ExpressRouter): Iterable<Route> {
  for (const { route } of stack) {
    if (!route) continue;
    for (const path of [route.path].flat()) {
      for (const method of Object.keys(route.methods)) yield { method: method.toUpperCase(), path };
    }
  }
}
