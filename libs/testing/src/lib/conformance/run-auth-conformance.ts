import { afterAll, beforeAll, describe, it } from 'vitest';
import { Arena, bearer } from './arena.js';
import { type ConformanceGroup, type LoneScenario } from './conformance-case.js';
import { expectAccepted, expectRefused } from './expectations.js';
import { acceptedRequests } from './groups/accepted.group.js';
import { algorithms } from './groups/algorithms.group.js';
import { claims } from './groups/claims.group.js';
import { boundTokens } from './groups/bound-tokens.group.js';
import { boundTwice } from './groups/bound-twice.group.js';
import { certificates } from './groups/certificates.group.js';
import { coldStart } from './groups/cold-start.group.js';
import { dpopProofs } from './groups/dpop-proof.group.js';
import { dpopRequests } from './groups/dpop-request.group.js';
import { protectedHeader } from './groups/header.group.js';
import { floods } from './groups/floods.group.js';
import { lifetime } from './groups/lifetime.group.js';
import { location } from './groups/location.group.js';
import { outages } from './groups/outage.group.js';
import { route } from './groups/route.group.js';
import { scope } from './groups/scope.group.js';
import { shape } from './groups/shape.group.js';
import { signature } from './groups/signature.group.js';
import { type AuthConformanceOptions, type ServiceUnderTest, type StartedService } from './options.js';
import { LoopbackIssuer } from '../issuer/loopback-issuer.js';

const caseTimeoutMs = 90_000;

/** The groups of the battery for a service of some abilities, in their order. */
export function batteryFor(
  options: Pick<AuthConformanceOptions, 'algorithms' | 'abilities'>,
): readonly ConformanceGroup[] {
  const { discovery = true, dpop = false, mtls = false } = options.abilities ?? {};
  const dpopAbility = dpop === true ? {} : dpop;
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
    boundTokens({ dpop: dpopAbility, mtls }),
    ...(dpopAbility ? [dpopProofs(dpopAbility), dpopRequests(dpopAbility)] : []),
    ...(mtls ? [certificates(mtls)] : []),
    ...(dpopAbility && mtls ? [boundTwice(dpopAbility, mtls)] : []),
    floods,
    lifetime,
    outages,
    coldStart({ discovery }),
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
  if (options.start) return openStarted(options);
  const issuer = typeof options.issuer === 'function' ? await options.issuer() : options.issuer;
  const baseUrl = typeof options.baseUrl === 'function' ? await options.baseUrl() : options.baseUrl;
  const { ca } = options;
  return {
    arena: new Arena(options, issuer, { baseUrl, ...(ca !== undefined && { ca }) }),
    close: async () => undefined,
  };
}

async function openStarted(options: StartedService): Promise<Opened> {
  const issuer = await startIssuer(options);
  try {
    const service = await options.start(issuer);
    return {
      arena: new Arena(options, issuer, service),
      close: async () => {
        await service.close();
        await issuer.close();
      },
    };
  } catch (error) {
    await issuer.close();
    throw error;
  }
}

/** Runs a story with an issuer and, once it asks for it, a service of its own. */
async function runAlone(options: StartedService, { run }: LoneScenario): Promise<void> {
  const issuer = await startIssuer(options);
  let service: ServiceUnderTest | undefined;
  try {
    await run({
      issuer,
      start: async () => {
        service = await options.start(issuer);
        return new Arena(options, issuer, service);
      },
    });
  } finally {
    await service?.close();
    await issuer.close();
  }
}

function register(group: ConformanceGroup, arena: () => Arena, skipped: ReadonlySet<string>): void {
  const { name, refusals = [], scenarios = [] } = group;
  if (refusals.length + scenarios.length === 0) return;
  describe(name, () => {
    for (const { id, title, attack, control, expected } of refusals)
      it.skipIf(skipped.has(id))(`refuses ${title} [${id}]`, async () => {
        const at = arena();
        const allowed = control ? await control(at) : bearer(await at.mint());
        expectAccepted(at, await at.fire(allowed));
        const shot = await attack(at);
        expectRefused(at, await at.fire(shot), shot, expected);
      });
    for (const { id, title, run } of scenarios)
      it.skipIf(skipped.has(id))(`${title} [${id}]`, { timeout: caseTimeoutMs }, () => run(arena()));
  });
}

function registerAlone(group: ConformanceGroup, options: StartedService, skipped: ReadonlySet<string>): void {
  if (!group.alone) return;
  describe.concurrent(group.name, () => {
    for (const scenario of group.alone ?? []) {
      const { id, title } = scenario;
      it.skipIf(skipped.has(id))(`${title} [${id}]`, { timeout: caseTimeoutMs }, () =>
        runAlone(options, scenario),
      );
    }
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
  const battery = batteryFor(options);
  const { method, path } = options.request;
  describe(`${options.name ?? `${method} ${path}`}: authentication conformance`, () => {
    describe('a running service', () => {
      let opened: Opened;
      beforeAll(async () => {
        opened = await open(options);
      });
      afterAll(() => opened.close());
      for (const group of battery) register(group, () => opened.arena, skipped);
    });
    if (options.start) for (const group of battery) registerAlone(group, options, skipped);
  });
}
