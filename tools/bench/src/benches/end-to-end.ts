import { type Bench, type BenchResult } from '../bench.js';
import { inGenerations, type Own } from '../measure/generations.js';
import { type Contender, type Sample } from '../measure/measure-in-turn.js';
import { estimate } from '../measure/statistics.js';
import { CountersignIssuer } from '../servers/issuers/countersign-issuer.js';
import { ServicePair } from '../servers/service-pair.js';

const title = 'An order that is reserved at the other service, with authentication and without';
const audience = (name: string): string => `https://${name}.countersign.example`;
const sku = 'bench';
const stock = 1_000_000;

async function fillStock({ inventoryPort }: ServicePair, token: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${inventoryPort}/stock/${sku}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ quantity: stock }),
  });
  if (!response.ok) throw new Error(`inventory answered ${response.status}: ${await response.text()}`);
}

async function startContenders(own: Own): Promise<Contender[]> {
  const issuer = own(await CountersignIssuer.start());
  const secret = await issuer.secret('storefront');
  const forOrders = await issuer.token('storefront', secret, audience('orders'));
  const forInventory = await issuer.token('storefront', secret, audience('inventory'));
  const post = { contentType: 'application/json', body: JSON.stringify({ sku, quantity: 1 }) };
  const contenders: Contender[] = [];
  for (const [label, imports] of [
    ['with authentication', []],
    ['the same two services without', ['servers/without-auth.js']],
  ] as const) {
    const server = own(await ServicePair.start(issuer, imports));
    await fillStock(server, forInventory);
    contenders.push({ label, server, path: '/orders', tokens: [forOrders], post });
  }
  return contenders;
}

/** An order that orders reserves at inventory: what authentication costs of the whole. */
export const endToEndBench: Bench = {
  name: 'end-to-end',
  title,
  quick: false,
  run: async (effort, progress): Promise<BenchResult> => {
    const measured = await inGenerations(effort, progress, startContenders);
    const [on = [], off = []] = [...measured.values()];
    const relative = (pick: (sample: Sample) => number): number[] =>
      on.map((sample, round) => pick(off[round] ?? sample) / pick(sample));
    return {
      name: 'end-to-end',
      title,
      rows: [...measured].map(([label, of]) => ({
        label,
        values: {
          'orders/s': estimate(of.map(({ throughput }) => throughput)).median,
          'p50 ms': estimate(of.map(({ p50 }) => p50)).median,
          'p99 ms': estimate(of.map(({ p99 }) => p99)).median,
          'CPU µs/order': estimate(of.map(({ cpuPerRequest }) => cpuPerRequest)).median,
        },
      })),
      figures: [
        {
          name: 'end-to-end: CPU without authentication ÷ with it',
          estimate: estimate(relative(({ cpuPerRequest }) => cpuPerRequest)),
        },
        {
          name: 'end-to-end: p99 without authentication ÷ with it',
          estimate: estimate(relative(({ p99 }) => p99)),
        },
      ],
      notes: [
        'Both services share a core. Without authentication the guards let everything through, and the connection is a plain HttpService with keep-alive.',
      ],
    };
  },
};
