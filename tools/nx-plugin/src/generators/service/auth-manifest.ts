import type { ServicePlan } from './service-plan.ts';

/** What each route of a new service requires, as `nx auth-manifest` would write it: sorted, a route on each line. */
export function authManifestOf(plan: ServicePlan): string {
  const { resource, readScope, writeScope } = plan;
  const routes: [string, unknown][] = [
    ['GET /health/live', 'public'],
    ['GET /health/ready', 'public'],
    [`GET /${resource}`, { allOf: [readScope] }],
    [`GET /${resource}/:id`, { allOf: [readScope] }],
    ...messagePatterns(plan).map((pattern): [string, unknown] => [`RPC ${pattern}`, { allOf: [readScope] }]),
    ...(writeScope === undefined
      ? []
      : [[`POST /${resource}`, { allOf: [writeScope] }] as [string, unknown]]),
  ];
  const lines = routes
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([route, requirement]) => `  ${JSON.stringify(route)}: ${JSON.stringify(requirement)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function messagePatterns({ transport, name, resource, className }: ServicePlan): string[] {
  if (transport === 'http') return [];
  if (transport !== 'grpc') return ['list', 'find'].map((handler) => `${name}.${resource}.${handler}`);
  return ['List', 'Find'].map((rpc) => JSON.stringify({ service: className, rpc, streaming: 'no_stream' }));
}
