import type { ServicePlan } from './service-plan.ts';

/** What each route of a new service requires, as `nx auth-manifest` would write it: sorted, a route on each line. */
export function authManifestOf(plan: ServicePlan): string {
  const { resource, readScope, writeScope } = plan;
  const needs = (scope: string) => `{ "allOf": [${JSON.stringify(scope)}] }`;
  const routes: [route: string, requirement: string][] = [
    ['GET /health/live', '"public"'],
    ['GET /health/ready', '"public"'],
    [`GET /${resource}`, needs(readScope)],
    [`GET /${resource}/:id`, needs(readScope)],
    ...messagePatterns(plan).map((pattern): [string, string] => [`RPC ${pattern}`, needs(readScope)]),
  ];
  if (writeScope !== undefined) routes.push([`POST /${resource}`, needs(writeScope)]);
  const lines = routes
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([route, requirement]) => `  ${JSON.stringify(route)}: ${requirement}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function messagePatterns({ transport, name, resource, className }: ServicePlan): string[] {
  if (transport === 'http') return [];
  if (transport !== 'grpc') return ['list', 'find'].map((handler) => `${name}.${resource}.${handler}`);
  return ['List', 'Find'].map((rpc) => JSON.stringify({ service: className, rpc, streaming: 'no_stream' }));
}
