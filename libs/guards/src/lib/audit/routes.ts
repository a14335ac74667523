import { type INestApplication, RequestMethod } from '@nestjs/common';
import {
  METHOD_METADATA,
  MODULE_PATH,
  PATH_METADATA,
  VERSION_METADATA,
  type VersionValue,
} from '@nestjs/common/internal';
import { type ApplicationConfig, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';
import type { Target } from '../requirement/route-requirement.js';

/** An HTTP route as it is served: with global prefix, module path and version. */
export interface Route {
  /** `GET`, or `ALL` for a handler of every method. */
  readonly verb: string;
  /** `/v1/orders/:id` */
  readonly path: string;
  readonly controller: Target;
  readonly method: Target;
}

/** Every HTTP route of an application, by the paths that it is served at. */
export function routesOf(app: INestApplication): Route[] {
  const { config } = app as unknown as { readonly config: ApplicationConfig };
  const modules = app.get(ModulesContainer, { strict: false });
  const scanner = new MetadataScanner();
  const paths = new RoutePathFactory(config);
  const routes: Route[] = [];
  for (const { controllers, metatype } of modules.values()) {
    const modulePath = modulePathOf(metatype, modules.applicationId);
    for (const { metatype: found } of controllers.values()) {
      const controller = found;
      const prototype = controller?.prototype as Record<string, Target> | undefined;
      if (!controller || !prototype) continue;
      for (const methodName of scanner.getAllMethodNames(prototype)) {
        const method = prototype[methodName] as Target;
        for (const [verb, path] of pathsOf(controller, method, modulePath, config, paths)) {
          routes.push({ verb, path, controller, method });
        }
      }
    }
  }
  return routes;
}

function pathsOf(
  controller: Target,
  method: Target,
  modulePath: string,
  config: ApplicationConfig,
  factory: RoutePathFactory,
): [string, string][] {
  const methodPath = Reflect.getMetadata(PATH_METADATA, method) as string | undefined;
  if (methodPath === undefined) return [];
  const verb =
    (Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod | undefined) ?? RequestMethod.GET;
  const versioning = config.getVersioning();
  const metadata = {
    methodPath,
    ctrlPath: Reflect.getMetadata(PATH_METADATA, controller) as string,
    modulePath,
    globalPrefix: config.getGlobalPrefix(),
    ...versions(controller, method, versioning?.defaultVersion),
    ...(versioning && { versioningOptions: versioning }),
  };
  return factory.create(metadata, verb).map((path) => [RequestMethod[verb], path]);
}

function versions(
  controller: Target,
  method: Target,
  otherwise: VersionValue | undefined,
): { methodVersion?: VersionValue; controllerVersion?: VersionValue } {
  const methodVersion = Reflect.getMetadata(VERSION_METADATA, method) as VersionValue | undefined;
  const controllerVersion =
    (Reflect.getMetadata(VERSION_METADATA, controller) as VersionValue | undefined) ?? otherwise;
  return { ...(methodVersion && { methodVersion }), ...(controllerVersion && { controllerVersion }) };
}

function modulePathOf(module: Target, applicationId: string): string {
  const own = Reflect.getMetadata(MODULE_PATH + applicationId, module) as string | undefined;
  return own ?? (Reflect.getMetadata(MODULE_PATH, module) as string | undefined) ?? '';
}
