import { LoopbackIssuer } from '@countersign/testing';
import { type Bench, type BenchResult, type Row } from '../bench.js';
import { timeInProcess } from '../measure/in-process.js';
import { estimate } from '../measure/statistics.js';
import { client, tokenSources } from './token-sources.js';

const startIssuer = (): Promise<LoopbackIssuer> =>
  LoopbackIssuer.start({
    apis: [{ audience: client.audience, scopes: [client.scope] }],
    clients: [{ clientId: client.clientId }],
    algorithms: ['ES256'],
  });

/** What a token costs that is already there. */
export const getTokenBench: Bench = {
  name: 'get-token',
  title: 'Getting a token that is already there',
  quick: true,
  run: async (effort, progress): Promise<BenchResult> => {
    await using issuer = await startIssuer();
    const sources = await Promise.all(tokenSources.map(({ create }) => create(issuer)));
    for (const getToken of sources) await getToken();
    const tasks = tokenSources.map(({ label }, index) => ({ label, run: async () => sources[index]?.() }));
    const micros = await timeInProcess(tasks, effort, progress);
    return {
      name: 'get-token',
      title: 'Getting a token that is already there',
      rows: tasks.map(({ label }, index) => ({
        label,
        values: { µs: estimate(micros[index] ?? []).median },
      })),
      figures: [{ name: 'get-token: countersign warm, µs', estimate: estimate(micros[0] ?? []) }],
      notes: ['One call at a time, awaited.'],
    };
  },
};

const crowds = { ours: 10_000, everybody: 1_000 } as const;

/** How many tokens are minted when a crowd asks at once and none is there. */
export const coldCrowdBench: Bench = {
  name: 'cold-crowd',
  title: 'Tokens minted for a crowd of parallel callers without a token',
  quick: true,
  run: async (_effort, progress): Promise<BenchResult> => {
    const rows: Row[] = [];
    const mints = async (index: number, callers: number): Promise<number> => {
      await using issuer = await startIssuer();
      const getToken = await tokenSources[index]?.create(issuer);
      if (!getToken) throw new RangeError('No such source.');
      await Promise.all(Array.from({ length: callers }, () => getToken()));
      return issuer.minted.length;
    };
    for (const [index, { label }] of tokenSources.entries()) {
      progress(label);
      rows.push({
        label,
        values: { callers: crowds.everybody, 'tokens minted': await mints(index, crowds.everybody) },
      });
    }
    const ours = await mints(0, crowds.ours);
    const [{ label }] = tokenSources;
    rows.push({ label, values: { callers: crowds.ours, 'tokens minted': ours } });
    return {
      name: 'cold-crowd',
      title: 'Tokens minted for a crowd of parallel callers without a token',
      rows,
      figures: [{ name: 'cold-crowd: countersign, tokens for 10,000 callers', estimate: estimate([ours]) }],
      notes: ['Counted at the issuer.'],
    };
  },
};
