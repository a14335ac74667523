import { type Bench, type BenchResult, type Effort } from './bench.js';

const widestSpread = 0.1;

/** Whether a result is too unsteady to be believed. */
export function isUnsteady(result: BenchResult): boolean {
  return result.figures.some(({ estimate }) => estimate.spread > widestSpread);
}

/** Runs a bench, and again while its figures are too unsteady; keeps the steadiest run and says how steady it is. */
export async function runBench(
  bench: Bench,
  effort: Effort,
  progress: (text: string) => void,
): Promise<BenchResult> {
  let best = await bench.run(effort, progress);
  for (let repeat = 0; repeat < effort.repeats && isUnsteady(best); repeat++) {
    progress(`${bench.name}: the spread is too wide, measuring again`);
    const next = await bench.run(effort, progress);
    if (widest(next) < widest(best)) best = next;
  }
  if (!isUnsteady(best)) return best;
  const note = `Unsteady: the spread of a figure is ${(widest(best) * 100).toFixed(0)} %, wider than ${widestSpread * 100} %.`;
  return { ...best, notes: [...best.notes, note] };
}

function widest(result: BenchResult): number {
  return Math.max(0, ...result.figures.map(({ estimate }) => estimate.spread));
}
