import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy, ProxyMode } from '../support/fault-proxy.js';
import type { SeededRandom } from './random.js';
import type { CalleeFault, SoakCallee } from './soak-callee.js';
import type { IssuerFault, SoakIssuer } from './soak-issuer.js';

/** What can be broken. */
export interface Victims {
  readonly issuer: SoakIssuer;
  readonly callees: readonly SoakCallee[];
  readonly proxy: FaultProxy;
  /** Takes away everything in Redis. */
  readonly flush: () => Promise<void>;
  /** Stops an instance of the service and starts it again. */
  readonly restart: () => Promise<void>;
}

const issuerFaults: readonly IssuerFault[] = ['cut', 'hang', 'status 500', 'status 429', 'not json'];
const calleeFaults: readonly CalleeFault[] = [
  'cut',
  'hang',
  'status 500',
  'refuses every token',
  'lacks a scope',
];
const proxyFaults: readonly ProxyMode[] = ['cut', 'stall', 'garble'];

const longestFault = 1_500;
const longestPeace = 500;

/**
 * Breaks one thing after another, at random, two at a time at most, and mends each again.
 *
 * @returns how often each was broken
 */
export async function runChaos(
  victims: Victims,
  random: SeededRandom,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const strike = async (): Promise<void> => {
    while (!signal.aborted) {
      const [name, mend] = await breakOne(victims, random);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      await sleep(random.between(100, longestFault), undefined, { signal }).catch(() => undefined);
      mend();
      await sleep(random.between(0, longestPeace), undefined, { signal }).catch(() => undefined);
    }
  };
  await Promise.all([strike(), strike()]);
  return counts;
}

/** Breaks one thing. Where two strikes hit the same thing, the first one to end mends it. */
async function breakOne(
  { issuer, callees, proxy, flush, restart }: Victims,
  random: SeededRandom,
): Promise<[name: string, mend: () => void]> {
  switch (random.pick(['issuer', 'callee', 'redis', 'redis', 'flush', 'restart'] as const)) {
    case 'issuer': {
      issuer.fault = random.pick(issuerFaults);
      return [`issuer: ${issuer.fault}`, () => (issuer.fault = undefined)];
    }
    case 'callee': {
      const callee = random.pick(callees);
      callee.fault = random.pick(calleeFaults);
      return [`callee: ${callee.fault}`, () => (callee.fault = undefined)];
    }
    case 'redis': {
      const mode = random.pick(proxyFaults);
      proxy.set(mode);
      return [`redis: ${mode}`, () => proxy.set('pass')];
    }
    case 'flush':
      await flush();
      return ['redis: flushed', () => undefined];
    case 'restart':
      await restart();
      return ['instance: restarted', () => undefined];
  }
}
