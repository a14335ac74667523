/** What a soak found. */
export interface SoakReport {
  readonly seed: number;
  readonly seconds: number;
  readonly succeeded: number;
  /** Calls that failed, by code. */
  readonly errors: ReadonlyMap<string, { readonly count: number; readonly example: string }>;
  /** What was broken, and how often. */
  readonly chaos: ReadonlyMap<string, number>;
  /** What the token managers told of, and how often. */
  readonly events: ReadonlyMap<string, number>;
  readonly mints: number;
  readonly wrongTokens: number;
  readonly unauthenticated: number;
  readonly endedOnTheWay: number;
  /** Rejections and exceptions that nobody handled, each with its stack. */
  readonly unhandled: readonly string[];
  /** Places in errors where a token or the secret can be read. */
  readonly leaks: number;
  /** Whether every instance could call every callee when all was mended. */
  readonly recovered: boolean;
  /** Live heap over the time, in bytes. */
  readonly heap: readonly number[];
}

const mebibyte = 1_048_576;
const allowedGrowth = 24 * mebibyte;

/** What must not be, a sentence each; empty: the soak passed. */
export function verdictOn(report: SoakReport): string[] {
  const untyped = [...report.errors.keys()].filter((code) => code.startsWith('untyped'));
  return [
    [report.wrongTokens > 0, `${report.wrongTokens} calls came with a wrong token.`],
    [report.unauthenticated > 0, `${report.unauthenticated} calls came without a token.`],
    [
      report.unhandled.length > 0,
      `${report.unhandled.length} rejections or exceptions were handled by nobody: ${report.unhandled[0]}`,
    ],
    [report.leaks > 0, `a token or the secret can be read at ${report.leaks} places in errors.`],
    [untyped.length > 0, `errors without a code: ${untyped.join(', ')}.`],
    [!report.recovered, 'not every instance could call every callee when all was mended.'],
    [report.succeeded === 0, 'no call succeeded.'],
    [growth(report.heap) > allowedGrowth, `the heap grew by ${mebibytes(growth(report.heap))} MiB.`],
  ].flatMap(([wrong, sentence]) => (wrong ? [sentence as string] : []));
}

/** The report as text. */
export function printed(report: SoakReport): string {
  const { seed, seconds, succeeded, errors, chaos, events, mints, heap } = report;
  const failed = [...errors.values()].reduce((sum, { count }) => sum + count, 0);
  const verdict = verdictOn(report);
  return [
    `soak of ${seconds} s, seed ${seed}: ${succeeded} calls succeeded, ${failed} failed, ${mints} tokens were minted`,
    `wrong tokens ${report.wrongTokens}, unauthenticated ${report.unauthenticated}, ended on the way ${report.endedOnTheWay}, unhandled ${report.unhandled.length}, leaks ${report.leaks}`,
    `live heap in MiB: ${heap.map(mebibytes).join(' ')}`,
    section(
      'failed calls',
      [...errors].map(([code, { count, example }]) => [code, count, example] as const),
    ),
    section('broken', [...chaos]),
    section('token events', [...events]),
    verdict.length === 0 ? 'passed' : `failed:\n${verdict.map((sentence) => `  ${sentence}`).join('\n')}`,
  ].join('\n');
}

function section(title: string, rows: readonly (readonly [string, number, string?])[]): string {
  const sorted = [...rows].sort(([, one], [, two]) => two - one);
  const line = ([name, count, example]: readonly [string, number, string?]) =>
    `  ${String(count).padStart(7)}  ${name}${example === undefined ? '' : `  ${example.slice(0, 160)}`}`;
  return [`${title}:`, ...sorted.map(line)].join('\n');
}

/** From the first third to the last, the lowest of each. */
function growth(heap: readonly number[]): number {
  const third = Math.max(1, Math.floor(heap.length / 3));
  return Math.min(...heap.slice(-third)) - Math.min(...heap.slice(0, third));
}

const mebibytes = (bytes: number): string => (bytes / mebibyte).toFixed(1);
