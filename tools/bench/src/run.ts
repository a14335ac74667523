import { type Bench, type BenchResult, type Effort } from './bench.js';
import { uncertainty } from './measure/statistics.js';
import { isUndecided, type Targets } from './report/targets.js';

const widestInterval = 0.1;

/** How a bench is run. */
export interface RunOptions {
  readonly effort: Effort;
  /** A run is repeated where it does not say whether they are met. */
  readonly targets: Targets;
  readonly progress: (text: string) => void;
}

/**
 * Runs a bench, and again while its figures do not say whether their targets are met; keeps the surest run. Says so of
 * one whose figures are uncertain all the same.
 */
export async function runBench(
  bench: Bench,
  { effort, targets, progress }: RunOptions,
): Promise<BenchResult> {
  let best = await bench.run(effort, progress);
  for (let repeat = 0; repeat < effort.repeats && isUndecided(best, targets); repeat++) {
    progress(`${bench.name}: too uncertain, measuring again`);
    const next = await bench.run(effort, progress);
    if (widest(next) < widest(best)) best = next;
  }
  if (widest(best) <= widestInterval) return best;
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const note = `Unsteady: the interval of a figure is ${percent(widest(best))} of it, wider than ${percent(widestInterval)}.`;
  return { ...best, notes: [...best.notes, note] };
}

const widest = ({ figures }: BenchResult): number =>
  Math.max(0, ...figures.map(({ estimate }) => uncertainty(estimate)));
