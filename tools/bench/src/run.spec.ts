import { describe, expect, it, vi } from 'vitest';
import { type Bench, type BenchResult, type Effort } from './bench.js';
import { runBench, type RunOptions } from './run.js';

const effort: Effort = { rounds: 3, seconds: 1, warmUpSeconds: 1, repeats: 2 };
const options: RunOptions = { effort, judged: new Set(['f']), progress: () => undefined };
const result = (width: number): BenchResult => ({
  name: 'b',
  title: 'b',
  rows: [],
  notes: [],
  figures: [{ name: 'f', estimate: { median: 1, interval: [1, 1 + width], spread: 0, samples: 3 } }],
});
const bench = (...widths: number[]): Bench & { run: ReturnType<typeof vi.fn> } => {
  const run = vi.fn();
  for (const width of widths) run.mockResolvedValueOnce(result(width));
  return { name: 'b', title: 'b', quick: true, run };
};

describe('runBench', () => {
  it('takes a steady run as it is', async () => {
    const steady = bench(0.05);

    expect(await runBench(steady, options)).toEqual(result(0.05));
    expect(steady.run).toHaveBeenCalledTimes(1);
  });

  it('repeats an unsteady run until it is steady', async () => {
    const settling = bench(0.4, 0.05);

    expect(await runBench(settling, options)).toEqual(result(0.05));
  });

  it('says so when it stays unsteady, and keeps the steadiest', async () => {
    const shaky = bench(0.4, 0.2, 0.3);
    const kept = await runBench(shaky, options);

    expect(shaky.run).toHaveBeenCalledTimes(3);
    expect(kept.figures[0]?.estimate.interval).toEqual([1, 1.2]);
    expect(kept.notes).toEqual(['Unsteady: the interval of a figure is 20 % of it, wider than 10 %.']);
  });

  it('does not repeat a run for a figure without a target', async () => {
    const shaky = bench(0.4);
    const kept = await runBench(shaky, { ...options, judged: new Set(['g']) });

    expect(shaky.run).toHaveBeenCalledTimes(1);
    expect(kept.notes).toEqual(['Unsteady: the interval of a figure is 40 % of it, wider than 10 %.']);
  });
});
