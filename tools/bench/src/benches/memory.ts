import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AccessTokenVerifier } from '@countersign/guards';
import { LoopbackIssuer } from '@countersign/testing';
import { type Bench, type BenchResult } from '../bench.js';
import { estimate } from '../measure/statistics.js';

const title = 'Memory of remembered tokens, and of a flood of bad ones';
const audience = 'https://things.example/';
const remembered = 10_000;
const flood = 100_000;
/** How long an unknown `kid` asks for no other fetch, by default. */
const cooldownSeconds = 30;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes of heap, and of memory outside of it, once everything that can be let go is let go. */
function settledMb(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** A token of the same shape whose header names a key that nobody has. */
function withUnknownKey(token: string, kid: string): string {
  const [header = '', ...rest] = token.split('.');
  const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  return [Buffer.from(JSON.stringify({ ...read, kid })).toString('base64url'), ...rest].join('.');
}

/** What remembered tokens take up, and what a flood of bad ones does. */
export const memoryBench: Bench = {
  name: 'memory',
  title,
  quick: false,
  run: async (_effort, progress): Promise<BenchResult> => {
    await using issuer = await LoopbackIssuer.start({ apis: [{ audience, scopes: ['read:things'] }] });
    const verifier = new AccessTokenVerifier({
      issuers: [{ issuer: issuer.issuer, jwksUri: issuer.jwksUri }],
      audience,
      cacheSize: remembered,
    });
    try {
      await verifier.verify(await issuer.mint({ claims: { jti: 'first' } }));
      const empty = settledMb();
      for (let count = 0; count < remembered; count++) {
        if (count % 1_000 === 0) progress(`${count} of ${remembered} tokens`);
        await verifier.verify(await issuer.mint({ claims: { jti: String(count) } }));
      }
      const full = settledMb();

      const token = await issuer.mint();
      const fetchedBefore = issuer.requests.jwks;
      const began = performance.now();
      for (let count = 0; count < flood; count++) {
        if (count % 10_000 === 0) progress(`${count} of ${flood} bad tokens`);
        await verifier.verify(withUnknownKey(token, `k${count}`)).catch(() => undefined);
      }
      const seconds = (performance.now() - began) / 1000;
      const flooded = settledMb();
      const fetches = issuer.requests.jwks - fetchedBefore;
      return {
        name: 'memory',
        title,
        rows: [
          {
            label: `${remembered.toLocaleString('en')} remembered tokens`,
            values: { 'MB more': full - empty },
          },
          {
            label: `${flood.toLocaleString('en')} tokens with unknown kids after them`,
            values: { 'MB more': flooded - full, 'key set fetches': fetches, seconds },
          },
        ],
        figures: [
          { name: 'memory: 10,000 remembered tokens, MB', estimate: estimate([full - empty]) },
          { name: 'memory: after 100,000 bad tokens, MB more', estimate: estimate([flooded - full]) },
          {
            name: 'memory: key set fetches in the flood, by cooldown',
            estimate: estimate([fetches / Math.ceil(seconds / cooldownSeconds)]),
          },
        ],
        notes: ['Heap and external memory after garbage collection; RS256 tokens of one issuer.'],
      };
    } finally {
      verifier.close();
    }
  },
};
