import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@countersign/testing';
import { type Bench, type BenchResult } from '../bench.js';
import { ServerProcess } from '../measure/server-process.js';
import { estimate } from '../measure/statistics.js';

const title = 'From the start of the process until it is ready';
const workspace = new URL('../../../../', import.meta.url);
const issuerMain = new URL('apps/issuer/dist/main.js', workspace);
const bareMain = new URL('../servers/bare-nest.js', import.meta.url);
/** What a start may take beyond the bare app's, in milliseconds. */
const allowanceMs = 500;
/** So many, because one is short. */
const startsPerRound = 4;

async function readyAfter(main: URL, env: (port: number) => Record<string, string>): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  await using _running = await ServerProcess.startService(main, port, env(port));
  return performance.now() - began;
}

/** From the start of the process to the first 200 of its readiness. */
export const bootBench: Bench = {
  name: 'boot',
  title,
  quick: true,
  run: async (effort, progress): Promise<BenchResult> => {
    const dataDir = await mkdtemp(join(tmpdir(), 'bench-boot-'));
    const startIssuer = (): Promise<number> =>
      readyAfter(issuerMain, (port) => ({
        ISSUER_URL: `http://localhost:${port}/`,
        ISSUER_DATA_DIR: dataDir,
        ISSUER_CONTRACTS: fileURLToPath(workspace),
      }));
    const startBare = (): Promise<number> => readyAfter(bareMain, () => ({}));
    try {
      const issuer: number[] = [];
      const bare: number[] = [];
      await startIssuer();
      await startBare();
      const starts = effort.rounds * startsPerRound;
      for (let start = 1; start <= starts; start++) {
        progress(`start ${start} of ${starts}`);
        issuer.push(await startIssuer());
        bare.push(await startBare());
      }
      return {
        name: 'boot',
        title,
        rows: [
          { label: 'bare Nest on Fastify', values: { ms: estimate(bare).median } },
          { label: 'apps/issuer, with its keys and its store', values: { ms: estimate(issuer).median } },
        ],
        figures: [
          {
            name: `boot: (issuer − ${allowanceMs} ms) ÷ bare Nest`,
            estimate: estimate(issuer.map((ms, round) => (ms - allowanceMs) / (bare[round] ?? Number.NaN))),
          },
        ],
        notes: ['Started in turn, on one core; the keys were made before.'],
      };
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};
