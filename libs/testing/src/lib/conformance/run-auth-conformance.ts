import { afterAll, beforeAll, describe, it } from 'vitest';
import { Arena, bearer } from './arena.js';
import { type ConformanceGroup } from './conformance-case.js';
import { expectAccepted, expectRefused } from './expectations.js';
import { acceptedRequests } from './groups/accepted.group.js';
import { algorithms } from './groups/algorithms.group.js';
import { claims } from './groups/claims.group.js';
import { coldStart } from './groups/cold-start.group.js';
import { protectedHeader } from './groups/header.group.js';
import { keys } from './groups/keys.group.js';
import { location } from './groups/location.group.js';
import { route } from './groups/route.group.js';
import { scope } from './groups/scope.group.js';
import { shape } from './groups/shape.group.js';
import { signature } from './groups/signature.group.js';
import { type AuthConformanceOptions, type ServiceUnderTest } from './options.js';
import { LoopbackIssuer } from '../issuer/loopback-issuer.js';

const caseTimeoutMs = 90_000;

/** The groups that are fired at one running service, in their order. */
export function batteryFor(options: Pick<AuthConformanceOptions, 'algorithms'>): readonly ConformanceGroup[] {
  return [
    acceptedRequests,
    location,
    shape,
    protectedHeader,
    signature,
    claims,
    scope,
    route,
    algorithms(options.algorithms ?? ['RS256']),
    keys,
  ];
}

function startIssuer(options: AuthConformanceOptions): Promise<LoopbackIssuer> {
  const { audience, scopes, algorithms: names, dialect, clientId = 'test-client' } = options;
  return LoopbackIssuer.start({
    apis: [{ audience, scopes }],
    clients: [{ clientId }],
    ...(names && { algorithms: names }),
    ...(dialect && { dialect }),
  });
}

interface Opened {
  readonly arena: Arena;
  close(): Promise<void>;
}

async function open(options: AuthConformanceOptions): Promise<Opened> {
  if (!options.start) {
    const issuer = typeof options.issuer === 'function' ? await options.issuer() : options.issuer;
    const baseUrl = typeof options.baseUrl === 'function' ? await options.baseUrl() : options.baseUrl;
    return { arena: new Arena(options, issuer, baseUrl), close: async () => undefined };
  }
  const issuer = await startIssuer(options);
  let service: ServiceUnderTest;
  try {
    service = await options.start(issuer);
  } catch (error) {
    await issuer.close();
    throw error;
  }
  return {
    arena: new Arena(options, issuer, service.baseUrl),
    close: async () => {
      await service.close();
      await issuer.close();
    },
  };
}

function register(group: ConformanceGroup, arena: () => Arena, skipped: ReadonlySet<string>): void {
  describe(group.name, () => {
    for (const { id, title, attack, control, expected } of group.refusals ?? [])
      it.skipIf(skipped.has(id))(`refuses ${title} [${id}]`, async () => {
        const at = arena();
        const allowed = control ? await control(at) : bearer(await at.mint());
        expectAccepted(at, await at.fire(allowed));
        const shot = await attack(at);
        expectRefused(at, await at.fire(shot), shot, expected);
      });
    for (const { id, title, run } of group.scenarios ?? [])
      it.skipIf(skipped.has(id))(`${title} [${id}]`, { timeout: caseTimeoutMs }, () => run(arena()));
  });
}

/**
 * Registers the refusal battery in a Vitest file: several hundred requests that a resource server must refuse, each
 * beside one that it must accept, and the faults of an issuer that it must survive. Every failure names what the
 * service got wrong. Works against any HTTP service that checks bearer tokens of a configurable issuer.
 *
 * @param options the service, the guarded request, and what a valid token needs
 * @example
 * runAuthConformance({
 *   name: 'orders',
 *   start: async (issuer) => {
 *     const app = await createOrders({ AUTH_ISSUER: issuer.issuer });
 *     await app.listen(0, '127.0.0.1');
 *     return { baseUrl: await app.getUrl(), close: () => app.close() };
 *   },
 *   request: { method: 'GET', path: '/orders' },
 *   audience: 'https://orders.example',
 *   scopes: ['read:orders'],
 * });
 */
export function runAuthConformance(options: AuthConformanceOptions): void {
  const skipped = new Set(options.skip);
  const { method, path } = options.request;
  describe(`${options.name ?? `${method} ${path}`}: authentication conformance`, () => {
    describe('a running service', () => {
      let opened: Opened;
      beforeAll(async () => {
        opened = await open(options);
      });
      afterAll(() => opened.close());
      for (const group of batteryFor(options)) register(group, () => opened.arena, skipped);
    });
    if (options.start) registerColdStart(options, skipped);
  });
}

function registerColdStart(options: AuthConformanceOptions, skipped: ReadonlySet<string>): void {
  describe(coldStart.name, () => {
    for (const { id, title, run } of coldStart.scenarios ?? [])
      it.skipIf(skipped.has(id))(`${title} [${id}]`, { timeout: caseTimeoutMs }, async () => {
        const opened = await open(options);
        try {
          await run(opened.arena);
        } finally {
          await opened.close();
        }
      });
  });
}
