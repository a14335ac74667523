import type { INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { RequestContext } from '../request/request-context.js';
import type { RouteTable } from './route-table.js';
import type { RequestLifecycle } from './request-lifecycle.js';

/** What the HTTP frameworks do differently: a service sees Fastify and Express through this alone. */
export interface HttpPlatform {
  /** Nest's adapter, with the request lifecycle built in. */
  readonly adapter: AbstractHttpAdapter;
  /** Sets up the application, before any route is registered. */
  prepare(app: INestApplication): void;
  /** The routes, once the application is initialised. */
  routes(): RouteTable;
  /** The context of a request, from the framework's own request and response. */
  contextOf(request: object, response: object): RequestContext;
}

/** Options of a platform. */
export interface HttpPlatformOptions {
  /** Largest request body in bytes. */
  readonly bodyLimit: number;
  /** Proxies whose `X-Forwarded-*` headers are believed. */
  readonly trustProxy: false | readonly string[];
  readonly lifecycle: RequestLifecycle;
}

/** How long a client may take to send a request, headers and body, in milliseconds. */
export const requestTimeout = 30_000;

/** Longest path parameter in characters. */
export const maxParamLength = 200;
