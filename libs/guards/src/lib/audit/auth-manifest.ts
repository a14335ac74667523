import type { INestApplication } from '@nestjs/common';
import type { ProtectedRequirement, RouteRequirement } from '../requirement/route-requirement.js';
import { routeRegistry } from './route-registry.js';

/** What one route asks of its caller, without what it does not ask for. */
export type ManifestEntry =
  'public' | 'undeclared' | 'authenticated' | Partial<Omit<ProtectedRequirement, 'access'>>;

/** Every route of an app with its requirement, sorted by route. */
export type AuthManifest = Readonly<Record<string, ManifestEntry>>;

/**
 * Lists what every route of an app requires: HTTP routes by the path that they are served at, and the handlers of the
 * other transports by their pattern. Written to a file it is a diff of who may do what, for review.
 *
 * @param app an application with `AuthModule` in it; it need not listen, and it may be a preview of Nest's
 * @example
 * ```ts
 * await writeFile('auth-manifest.json', formatManifest(authManifest(app)));
 * ```
 */
export function authManifest(app: INestApplication): AuthManifest {
  return Object.fromEntries(
    routeRegistry(app).map(({ route, requirement }) => [route, entryOf(requirement)]),
  );
}

/**
 * The manifest as the text of a file: JSON with one route on each line, so that a change of one route is one line of
 * a diff.
 *
 * @example
 * ```ts
 * formatManifest({ 'GET /orders/:id': { allOf: ['read:orders'] } });
 * // {
 * //   "GET /orders/:id": { "allOf": ["read:orders"] }
 * // }
 * ```
 */
export function formatManifest(manifest: AuthManifest): string {
  const lines = Object.entries(manifest).map(
    ([route, entry]) => `  ${JSON.stringify(route)}: ${onOneLine(entry)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

function onOneLine(entry: ManifestEntry): string {
  return JSON.stringify(entry, null, 1)
    .replace(/\[\n\s*/g, '[')
    .replace(/\n\s*\]/g, ']')
    .replace(/\n\s*/g, ' ');
}

function entryOf(requirement: RouteRequirement): ManifestEntry {
  if (requirement.access !== 'protected') return requirement.access;
  const { allOf, anyOf, callers, audiences, reportOnly } = requirement;
  const asked = {
    ...(allOf.length > 0 && { allOf }),
    ...(anyOf.length > 0 && { anyOf }),
    ...(callers.length > 0 && { callers }),
    ...(audiences && { audiences }),
    ...(reportOnly && { reportOnly }),
  };
  return Object.keys(asked).length > 0 ? asked : 'authenticated';
}
