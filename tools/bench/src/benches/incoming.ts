import { LoopbackIssuer, type SigningAlgorithm } from '@countersign/testing';
import { type Bench, type BenchResult, type Effort, type Figure, type Row } from '../bench.js';
import { inGenerations } from '../measure/generations.js';
import { type Contender, type Sample } from '../measure/measure-in-turn.js';
import { ServerProcess } from '../measure/server-process.js';
import { estimate } from '../measure/statistics.js';
import { type Platform, type ServerConfig } from '../servers/config.js';
import { variants, type VariantName } from '../servers/variants/index.js';

const audience = 'https://things.example/';
const scope = 'read:things';

/** Which guards to compare, and on which tokens. */
export interface IncomingOptions {
  readonly name: string;
  readonly title: string;
  readonly quick: boolean;
  readonly platform: Platform;
  readonly variants: readonly VariantName[];
  /** How many distinct tokens are sent in turn. */
  readonly tokens: number;
  /** So many times as many rounds, where the figure is a small difference between large ones. Default 1. */
  readonly moreRounds?: number;
  /** Seconds, where those of the effort do not see every token. */
  readonly warmUpSeconds?: number;
  readonly algorithm?: SigningAlgorithm;
}

type Measured = ReadonlyMap<VariantName, readonly Sample[]>;

async function measure(
  options: IncomingOptions,
  effort: Effort,
  progress: (text: string) => void,
): Promise<Measured> {
  const algorithm = options.algorithm ?? 'RS256';
  await using issuer = await LoopbackIssuer.start({
    apis: [{ audience, scopes: [scope] }],
    algorithms: [algorithm],
  });
  const tokens = await Promise.all(
    Array.from({ length: options.tokens }, (_unused, index) =>
      issuer.mint({ claims: { jti: String(index) } }),
    ),
  );
  const rounds = effort.rounds * (options.moreRounds ?? 1);
  const { warmUpSeconds = effort.warmUpSeconds } = options;
  const measured = await inGenerations({ ...effort, rounds, warmUpSeconds }, progress, (own) =>
    Promise.all(
      options.variants.map(async (variant): Promise<Contender> => {
        const config: ServerConfig = {
          variant,
          platform: options.platform,
          issuer: issuer.issuer,
          jwksUri: issuer.jwksUri,
          audience,
          scope,
          algorithm,
        };
        const server = own(await ServerProcess.start('servers/guarded-server.js', config));
        return { label: variants[variant].label, server, path: '/things', tokens };
      }),
    ),
  );
  return new Map(options.variants.map((variant) => [variant, measured.get(variants[variant].label) ?? []]));
}

const median = (samples: readonly Sample[], pick: (sample: Sample) => number): number =>
  estimate(samples.map(pick)).median;

function row(variant: VariantName, samples: readonly Sample[], base: readonly Sample[]): Row {
  const cpu = median(samples, (sample) => sample.cpuPerRequest);
  return {
    label: variants[variant].label,
    values: {
      'requests/s': median(samples, (sample) => sample.throughput),
      'p50 ms': median(samples, (sample) => sample.p50),
      'p99 ms': median(samples, (sample) => sample.p99),
      'CPU µs/request': cpu,
      'guarding µs': cpu - median(base, (sample) => sample.cpuPerRequest),
      'RSS MB': median(samples, (sample) => sample.rss) / 1e6,
    },
  };
}

/** Round by round: what the route costs without guarding ÷ what it costs with it. */
function relative(base: readonly Sample[], samples: readonly Sample[]): number[] {
  return samples.map((sample, round) => (base[round]?.cpuPerRequest ?? Number.NaN) / sample.cpuPerRequest);
}

/** Round by round: what our guarding costs ÷ what a peer's costs, the bare route taken off both. */
function costRatio(base: readonly Sample[], ours: readonly Sample[], peer: readonly Sample[]): number[] {
  return ours.map((sample, round) => {
    const bare = base[round]?.cpuPerRequest ?? Number.NaN;
    return (sample.cpuPerRequest - bare) / ((peer[round]?.cpuPerRequest ?? Number.NaN) - bare);
  });
}

function figures(name: string, measured: Measured): Figure[] {
  const base = measured.get('no-op') ?? [];
  const ours = measured.get('countersign') ?? [];
  const found: Figure[] = [];
  for (const [variant, samples] of measured) {
    if (variant === 'no-op') continue;
    found.push({
      name: `${name}: ${variant} relative to no-op`,
      estimate: estimate(relative(base, samples)),
    });
    if (variant === 'passport' && ours.length > 0)
      found.push({
        name: `${name}: cost of countersign ÷ cost of passport`,
        estimate: estimate(costRatio(base, ours, samples)),
      });
  }
  return found;
}

/** A guarded route under load, several ways of guarding beside each other. */
export function incomingBench(options: IncomingOptions): Bench {
  return {
    name: options.name,
    title: options.title,
    quick: options.quick,
    run: async (effort, progress): Promise<BenchResult> => {
      const measured = await measure(options, effort, progress);
      const base = measured.get('no-op') ?? [];
      return {
        name: options.name,
        title: options.title,
        rows: [...measured].map(([variant, samples]) => row(variant, samples, base)),
        figures: figures(options.name, measured),
        notes: [
          `${options.tokens === 1 ? 'One token' : `${options.tokens.toLocaleString('en')} distinct tokens in turn`}, ${options.algorithm ?? 'RS256'}, Nest on ${options.platform}.`,
        ],
      };
    },
  };
}
