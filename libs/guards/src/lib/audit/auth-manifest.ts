import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import {
  type ProtectedRequirement,
  type RouteRequirement,
  routeRequirement,
} from '../requirement/route-requirement.js';
import { discoverHandlers } from './handlers.js';
import { routesOf } from './routes.js';

/** What one route asks of its caller, without what it does not ask for. */
export type ManifestEntry =
  'public' | 'undeclared' | 'authenticated' | Partial<Omit<ProtectedRequirement, 'access'>>;

/** Every route of an app with its requirement, sorted by route. */
export type AuthManifest = Readonly<Record<string, ManifestEntry>>;

/**
 * Lists what every route of an app requires: HTTP routes by the path that they are served at, and the handlers of the
 * other transports by their pattern. Written to a file it is a diff of who may do what, for review.
 *
 * @param app an application with `AuthModule` in it; it need not listen
 * @example
 * ```ts
 * await writeFile('auth-manifest.json', JSON.stringify(authManifest(app), null, 2));
 * // { "GET /health/live": "public", "GET /orders/:id": { "allOf": ["read:orders"] } }
 * ```
 */
export function authManifest(app: INestApplication): AuthManifest {
  const others = discoverHandlers(app.get(DiscoveryService, { strict: false }), new MetadataScanner()).filter(
    ({ transport }) => transport !== 'http',
  );
  const entries = [
    ...routesOf(app).map(({ verb, path, ...target }) => ({ route: `${verb} ${path}`, ...target })),
    ...others,
  ].map(({ route, method, controller }) => [route, entryOf(routeRequirement(method, controller))] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function entryOf(requirement: RouteRequirement): ManifestEntry {
  if (requirement.access !== 'protected') return requirement.access;
  const { allOf, anyOf, callers, audiences } = requirement;
  const asked = {
    ...(allOf.length > 0 && { allOf }),
    ...(anyOf.length > 0 && { anyOf }),
    ...(callers.length > 0 && { callers }),
    ...(audiences && { audiences }),
  };
  return Object.keys(asked).length > 0 ? asked : 'authenticated';
}
