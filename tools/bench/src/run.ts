import { type Bench, type BenchResult, type Effort } from './bench.js';
import { uncertainty } from './measure/statistics.js';

const widestInterval = 0.1;

/** How a bench is run. */
export interface RunOptions {
  readonly effort: Effort;
  /** Names of the figures that a target is set for: a run is repeated for their sake alone. */
  readonly judged: ReadonlySet<string>;
  readonly progress: (text: string) => void;
}

/**
 * Runs a bench, and again while a figure that has a target is too uncertain; keeps the surest run. Says so of a run
 * whose figures are uncertain all the same.
 */
export async function runBench(bench: Bench, { effort, judged, progress }: RunOptions): Promise<BenchResult> {
  const isJudged = (name: string): boolean => judged.has(name);
  let best = await bench.run(effort, progress);
  for (let repeat = 0; repeat < effort.repeats && widest(best, isJudged) > widestInterval; repeat++) {
    progress(`${bench.name}: too uncertain, measuring again`);
    const next = await bench.run(effort, progress);
    if (widest(next, isJudged) < widest(best, isJudged)) best = next;
  }
  if (widest(best) <= widestInterval) return best;
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const note = `Unsteady: the interval of a figure is ${percent(widest(best))} of it, wider than ${percent(widestInterval)}.`;
  return { ...best, notes: [...best.notes, note] };
}

function widest({ figures }: BenchResult, of: (name: string) => boolean = () => true): number {
  return Math.max(0, ...figures.map(({ name, estimate }) => (of(name) ? uncertainty(estimate) : 0)));
}
