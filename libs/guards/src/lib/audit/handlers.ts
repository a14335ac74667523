import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Target } from '../requirement/route-requirement.js';

/** A method that Nest calls for somebody outside. */
export interface Handler {
  readonly transport: 'http' | 'rpc' | 'ws' | 'graphql';
  readonly controller: Target;
  readonly method: Target;
  /** `OrdersController.find` */
  readonly name: string;
  /** `GET /orders/:id`, `RPC {"cmd":"sum"}`, `WS events`, `Query orders` */
  readonly route: string;
}

/** The routes of one method, by the paths and patterns of its decorators. */
export function routesOfHandler(controller: Target, method: Target, methodName: string): readonly string[] {
  return [httpRoutes, rpcPatterns, wsMessages, graphqlFields].flatMap((find) =>
    find(controller, method, methodName).map(([, route]) => route),
  );
}

type Finder = (
  controller: Target,
  method: Target,
  methodName: string,
) => readonly [Handler['transport'], string][];

/**
 * Every handler of the app, of every transport, sorted by route and name. Paths are those of the decorators, without
 * global prefix and version.
 */
export function discoverHandlers(discovery: DiscoveryService, scanner: MetadataScanner): Handler[] {
  const controllers = discovery.getControllers().map(({ metatype }) => metatype as Target | null);
  const providers = discovery
    .getProviders()
    .map(({ metatype, inject }) => (inject ? null : (metatype as Target | null)));
  const found = [
    ...handlersOf(controllers, scanner, (...target) => [...httpRoutes(...target), ...rpcPatterns(...target)]),
    ...handlersOf(providers, scanner, (...target) => [...wsMessages(...target), ...graphqlFields(...target)]),
  ];
  return found.sort((a, b) => compare(a.route, b.route) || compare(a.name, b.name));
}

function handlersOf(classes: readonly (Target | null)[], scanner: MetadataScanner, find: Finder): Handler[] {
  const handlers: Handler[] = [];
  for (const controller of new Set(classes)) {
    const prototype = controller?.prototype as Record<string, Target> | undefined;
    if (!controller || !prototype) continue;
    for (const methodName of scanner.getAllMethodNames(prototype)) {
      const method = prototype[methodName] as Target;
      for (const [transport, route] of find(controller, method, methodName)) {
        handlers.push({ transport, controller, method, name: `${controller.name}.${methodName}`, route });
      }
    }
  }
  return handlers;
}

const httpRoutes: Finder = (controller, method) => {
  const paths = Reflect.getMetadata(PATH_METADATA, method) as string | string[] | undefined;
  if (paths === undefined) return [];
  const verb =
    RequestMethod[
      (Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod | undefined) ?? RequestMethod.GET
    ];
  const prefixes = Reflect.getMetadata(PATH_METADATA, controller) as string | string[] | undefined;
  return listed(prefixes).flatMap((prefix) =>
    listed(paths).map((path) => ['http', `${verb} ${joined(prefix, path)}`] as ['http', string]),
  );
};

const rpcPatterns: Finder = (_controller, method) => {
  const patterns = Reflect.getMetadata('microservices:pattern', method) as unknown[] | undefined;
  if (Reflect.getMetadata('microservices:handler_type', method) === undefined) return [];
  return (patterns ?? []).map((pattern) => [
    'rpc',
    `RPC ${typeof pattern === 'string' ? pattern : JSON.stringify(pattern)}`,
  ]);
};

const wsMessages: Finder = (controller, method) => {
  if (Reflect.getMetadata('websockets:is_gateway', controller) !== true) return [];
  if (Reflect.getMetadata('websockets:message_mapping', method) !== true) return [];
  return [['ws', `WS ${String(Reflect.getMetadata('message', method))}`]];
};

const graphqlFields: Finder = (_controller, method, methodName) => {
  const type = Reflect.getMetadata('graphql:resolver_type', method) as string | undefined;
  if (type !== 'Query' && type !== 'Mutation' && type !== 'Subscription') return [];
  const name = (Reflect.getMetadata('graphql:resolver_name', method) as string | undefined) ?? methodName;
  return [['graphql', `${type} ${name}`]];
};

function listed(paths: string | readonly string[] | undefined): readonly string[] {
  return typeof paths === 'string' ? [paths] : (paths ?? ['']);
}

function joined(prefix: string, path: string): string {
  const segments = [prefix, path].map((part) => part.replace(/^\/+|\/+$/g, '')).filter((part) => part !== '');
  return `/${segments.join('/')}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
