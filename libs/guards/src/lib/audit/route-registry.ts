import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { type RouteRequirement, routeRequirement } from '../requirement/route-requirement.js';
import { discoverHandlers } from './handlers.js';
import { routesOf } from './routes.js';

/** A route of an app, and what it asks of its caller. */
export interface RegisteredRoute {
  /** `GET /orders/:id`, `RPC {"cmd":"sum"}`, `WS events`, `Query orders` */
  readonly route: string;
  readonly transport: 'http' | 'rpc' | 'ws' | 'graphql';
  readonly requirement: RouteRequirement;
}

/**
 * Every route of an app with what it requires, sorted: HTTP routes by the path that they are served at, and the
 * handlers of the other transports by their pattern.
 *
 * @param app an application with `AuthModule` in it; it need not listen, and it may be a preview of Nest's
 * @example
 * ```ts
 * routeRegistry(app).filter(({ requirement }) => requirement.access === 'public');
 * ```
 */
export function routeRegistry(app: INestApplication): readonly RegisteredRoute[] {
  const modules = app.get(ModulesContainer, { strict: false });
  const others = discoverHandlers(new DiscoveryService(modules), new MetadataScanner())
    .filter(({ transport }) => transport !== 'http')
    .map(({ route, transport, method, controller }): RegisteredRoute => ({
      route,
      transport,
      requirement: routeRequirement(method, controller),
    }));
  const served = routesOf(app).map(({ verb, path, method, controller }): RegisteredRoute => ({
    route: `${verb} ${path}`,
    transport: 'http',
    requirement: routeRequirement(method, controller),
  }));
  return [...served, ...others].sort((a, b) => (a.route < b.route ? -1 : a.route > b.route ? 1 : 0));
}

/**
 * The route that serves a request: by its own name, or by a path that fits it, such as `GET /orders/7` for
 * `GET /orders/:id`. A path without parameters goes before one with them.
 *
 * @param name the method or transport, a space, and the path or pattern
 */
export function findRoute(routes: readonly RegisteredRoute[], name: string): RegisteredRoute | undefined {
  const exact = routes.find(({ route }) => route === name);
  if (exact) return exact;
  const [verb = '', path = ''] = parted(name);
  const fitting = routes.filter(({ route, transport }) => {
    const [ownVerb = '', pattern = ''] = parted(route);
    return transport === 'http' && (ownVerb === verb || ownVerb === 'ALL') && fits(path, pattern);
  });
  return fitting.sort((a, b) => parameters(a) - parameters(b))[0];
}

function parted(route: string): [string, string] {
  const end = route.indexOf(' ');
  return [route.slice(0, end).toUpperCase(), route.slice(end + 1)];
}

function fits(path: string, pattern: string): boolean {
  const [given, wanted] = [path, pattern].map((text) =>
    text
      .replace(/[?#].*$/, '')
      .replace(/\/$/, '')
      .split('/'),
  ) as [string[], string[]];
  const wildcard = wanted.findIndex((segment) => segment.includes('*'));
  if (wildcard === -1 && given.length !== wanted.length) return false;
  if (wildcard !== -1 && given.length < wildcard) return false;
  const fixed = wildcard === -1 ? wanted : wanted.slice(0, wildcard);
  return fixed.every(
    (segment, index) => segment === given[index] || (segment.startsWith(':') && given[index] !== ''),
  );
}

function parameters({ route }: RegisteredRoute): number {
  return route.split('/').filter((segment) => segment.startsWith(':') || segment.includes('*')).length;
}
