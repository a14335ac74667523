import { load } from '../load/index.js';
import { type LoadRequest } from '../load/load.js';
import { type Effort } from '../bench.js';
import { type Usage } from './child-protocol.js';
import { estimate } from './statistics.js';

/** One variant in one round, or in one second of it. */
export interface Sample {
  /** Microseconds of server CPU for each request. */
  readonly cpuPerRequest: number;
  /** Requests a second, by the clock on the wall. */
  readonly throughput: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Bytes. */
  readonly rss: number;
}

/** What is under load: one server, or several that answer together. */
export interface Served {
  readonly port: number;
  usage(): Promise<Usage>;
}

/** A server and what it is sent. */
export interface Contender extends Pick<LoadRequest, 'tokens' | 'post'> {
  readonly label: string;
  readonly server: Served;
  readonly path: string;
}

const connections = 32;

async function sample(contender: Contender, seconds: number): Promise<Sample> {
  const { server, path, tokens, post, label } = contender;
  const request: LoadRequest = {
    url: `http://127.0.0.1:${server.port}${path}`,
    tokens,
    ...(post && { post }),
    seconds,
    connections,
  };
  const before = await server.usage();
  const result = await load(request);
  const after = await server.usage();
  if (result.failures > 0)
    throw new Error(`${label}: ${result.failures} of ${result.requests} requests failed.`);
  if (result.requests === 0) throw new Error(`${label}: no request was answered.`);
  return {
    cpuPerRequest: (after.cpuMicros - before.cpuMicros) / result.requests,
    throughput: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    rss: after.rss,
  };
}

/** What the slices of one contender come to: the median of each figure. */
function joined(slices: readonly Sample[]): Sample {
  const of = (pick: (slice: Sample) => number): number => estimate(slices.map(pick)).median;
  return {
    cpuPerRequest: of((slice) => slice.cpuPerRequest),
    throughput: of((slice) => slice.throughput),
    p50: of((slice) => slice.p50),
    p99: of((slice) => slice.p99),
    rss: of((slice) => slice.rss),
  };
}

/**
 * Warms every contender up and then measures them second by second, in turn and every other time the other way round:
 * the speed of a machine drifts by more than what is to be seen, and so it drifts under all of them alike.
 *
 * @returns a sample of each, in their order
 */
export async function measureInTurn(
  contenders: readonly Contender[],
  effort: Effort,
  progress: (text: string) => void,
): Promise<Sample[]> {
  const slices = new Map<Contender, Sample[]>();
  for (const contender of contenders) {
    progress(`warming up ${contender.label}`);
    await sample(contender, effort.warmUpSeconds);
    slices.set(contender, []);
  }
  for (let second = 1; second <= effort.seconds; second++) {
    for (const contender of second % 2 === 1 ? contenders : contenders.toReversed()) {
      progress(`second ${second} of ${effort.seconds}, ${contender.label}`);
      slices.get(contender)?.push(await sample(contender, 1));
    }
  }
  return [...slices.values()].map(joined);
}
