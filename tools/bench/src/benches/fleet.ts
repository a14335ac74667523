import { setImmediate as turn } from 'node:timers/promises';
import { TokenManager } from '@countersign/m2m';
import { type Bench, type BenchResult, type Row } from '../bench.js';
import { CountingEndpoint, SimulatedClock, SimulatedStore } from '../measure/simulated-time.js';
import { estimate } from '../measure/statistics.js';
import { client } from './token-sources.js';

const title = 'Tokens minted in a simulated hour of steady calls';
const hourMs = 3_600_000;
const stepMs = 5_000;
const lifetimeSeconds = 600;
const fleets = [1, 4, 16] as const;

/** Every replica asks every few seconds for an hour. */
async function mintsInAnHour(replicas: number, shared: boolean): Promise<number> {
  const clock = new SimulatedClock();
  const endpoint = new CountingEndpoint(lifetimeSeconds);
  const store = new SimulatedStore(clock);
  const fleet = Array.from(
    { length: replicas },
    () =>
      new TokenManager(endpoint, {
        clock,
        ...(shared && { shared: { store, client: ['bench'], credential: () => Promise.resolve('bench') } }),
      }),
  );
  for (let elapsed = 0; elapsed < hourMs; elapsed += stepMs) {
    await Promise.all(
      fleet.map((manager) => manager.getToken({ audience: client.audience, scopes: [client.scope] })),
    );
    await Promise.all(fleet.map((manager) => manager.idle()));
    for (let left = 0; left < 5; left++) await turn();
    clock.pass(stepMs);
  }
  return endpoint.mints;
}

/** How many tokens a fleet costs, by its size, with a store that it shares and without. */
export const fleetBench: Bench = {
  name: 'fleet',
  title,
  quick: true,
  run: async (_effort, progress): Promise<BenchResult> => {
    const rows: Row[] = [];
    const shared: number[] = [];
    for (const replicas of fleets) {
      progress(`${replicas} replicas`);
      const [alone, together] = [await mintsInAnHour(replicas, false), await mintsInAnHour(replicas, true)];
      shared.push(together);
      rows.push({
        label: `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`,
        values: { 'each for itself': alone, 'with a shared store': together },
      });
    }
    const [one = Number.NaN] = shared;
    return {
      name: 'fleet',
      title,
      rows,
      figures: [
        {
          name: 'fleet: tokens of 16 replicas ÷ tokens of 1, shared store',
          estimate: estimate([(shared.at(-1) ?? Number.NaN) / one]),
        },
      ],
      notes: [
        `Tokens of ${lifetimeSeconds} s; each replica asks every ${stepMs / 1000} s. A store in memory that keeps the simulated time stands in for Redis.`,
      ],
    };
  },
};
