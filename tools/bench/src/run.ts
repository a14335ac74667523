import { type Bench, type BenchResult, type Effort } from './bench.js';
import { uncertainty } from './measure/statistics.js';

const widestInterval = 0.1;

/** Whether a result is too unsteady to be believed. */
export function isUnsteady(result: BenchResult): boolean {
  return widest(result) > widestInterval;
}

/** Runs a bench, and again while its figures are too unsteady; keeps the steadiest run and says how steady it is. */
export async function runBench(
  bench: Bench,
  effort: Effort,
  progress: (text: string) => void,
): Promise<BenchResult> {
  let best = await bench.run(effort, progress);
  for (let repeat = 0; repeat < effort.repeats && isUnsteady(best); repeat++) {
    progress(`${bench.name}: too uncertain, measuring again`);
    const next = await bench.run(effort, progress);
    if (widest(next) < widest(best)) best = next;
  }
  if (!isUnsteady(best)) return best;
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const note = `Unsteady: the interval of a figure is ${percent(widest(best))} of it, wider than ${percent(widestInterval)}.`;
  return { ...best, notes: [...best.notes, note] };
}

function widest(result: BenchResult): number {
  return Math.max(0, ...result.figures.map(({ estimate }) => uncertainty(estimate)));
}
