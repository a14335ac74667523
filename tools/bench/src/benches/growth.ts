import { AccessTokenVerifier } from '@countersign/guards';
import { generateSigningKey, LoopbackIssuer } from '@countersign/testing';
import { checkContracts, type Contract } from '@countersign/contract';
import { type Bench, type BenchResult, type Figure, type Row } from '../bench.js';
import { timeInProcess } from '../measure/in-process.js';
import { estimate } from '../measure/statistics.js';

const audience = 'https://things.example/';

/** Services in a ring: each calls the next. */
function ring(count: number): Contract[] {
  const name = (index: number): string => `service-${(index + count) % count}`;
  return Array.from({ length: count }, (_unused, index) => ({
    service: name(index),
    audience: `https://${name(index)}.example`,
    scopes: { 'read:things': 'Read' },
    allows: count > 1 ? { [name(index - 1)]: ['read:things'] } : {},
    calls: count > 1 ? { [name(index + 1)]: ['read:things'] } : {},
  }));
}

interface Line {
  readonly subject: string;
  readonly sizes: readonly [number, number];
  readonly prepare: (size: number) => Promise<{ run: () => unknown; close: () => unknown }>;
}

async function verifier(
  issuers: readonly LoopbackIssuer[],
  scopes: readonly string[],
): Promise<{ run: () => unknown; close: () => unknown }> {
  const [first] = issuers;
  if (!first) throw new RangeError('No issuer.');
  const subject = new AccessTokenVerifier({
    issuers: issuers.map(({ issuer, jwksUri }) => ({ issuer, jwksUri, algorithms: ['RS256', 'ES256'] })),
    audience,
  });
  const token = await (issuers.at(-1) ?? first).mint({ audience, scopes });
  await subject.verify(token);
  return {
    run: () => subject.recognise(token),
    close: async () => {
      subject.close();
      await Promise.all(issuers.map((issuer) => issuer.close()));
    },
  };
}

const lines: readonly Line[] = [
  {
    subject: 'checkContracts by services',
    sizes: [20, 200],
    prepare: async (size) => {
      const contracts = ring(size).map((contract) => ({ contract, file: `${contract.service}.json` }));
      return { run: () => checkContracts({ contracts, findings: [] }), close: () => undefined };
    },
  },
  {
    subject: 'a token seen before, by its scopes',
    sizes: [1, 100],
    prepare: async (size) =>
      verifier(
        [await LoopbackIssuer.start()],
        Array.from({ length: size }, (_unused, index) => `read:thing-${index}`),
      ),
  },
  {
    subject: 'a token seen before, by keys in the set',
    sizes: [1, 100],
    prepare: async (size) => {
      const issuer = await LoopbackIssuer.start({ algorithms: ['ES256'] });
      const others = Array.from({ length: size - 1 }, () => generateSigningKey('ES256').publicJwk);
      issuer.fault('jwks', { kind: 'keys', keys: [...others, issuer.signingKey().publicJwk] });
      return verifier([issuer], ['read:things']);
    },
  },
  {
    subject: 'a token seen before, by issuers',
    sizes: [1, 50],
    prepare: async (size) =>
      verifier(
        await Promise.all(
          Array.from({ length: size }, () => LoopbackIssuer.start({ algorithms: ['ES256'] })),
        ),
        ['read:things'],
      ),
  },
];

/** What grows with the workspace, and what must not. */
export const growthBench: Bench = {
  name: 'growth',
  title: 'Cost against size',
  quick: false,
  run: async (effort, progress): Promise<BenchResult> => {
    const rows: Row[] = [];
    const figures: Figure[] = [];
    for (const { subject, sizes, prepare } of lines) {
      progress(subject);
      const [small, large] = [await prepare(sizes[0]), await prepare(sizes[1])];
      try {
        const tasks = [small, large].map(({ run }, index) => ({ label: `${subject} ${sizes[index]}`, run }));
        const [before = [], after = []] = await timeInProcess(tasks, effort, progress);
        const growth = sizes[1] / sizes[0];
        const ratios = after.map((time, round) => time / (before[round] ?? Number.NaN));
        rows.push({
          label: subject,
          values: {
            from: sizes[0],
            to: sizes[1],
            'µs at first': estimate(before).median,
            'µs at last': estimate(after).median,
            'cost ×': estimate(ratios).median,
            'size ×': growth,
          },
        });
        figures.push({
          name: `growth: ${subject}, cost × ÷ size ×`,
          estimate: estimate(ratios.map((ratio) => ratio / growth)),
        });
      } finally {
        await small.close();
        await large.close();
      }
    }
    return {
      name: 'growth',
      title: 'Cost against size',
      rows,
      figures,
      notes: ['1 is linear growth; a look-up is far below it.'],
    };
  },
};
