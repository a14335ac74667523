import { describe, expect, it, vi } from 'vitest';
import { type Bench, type BenchResult, type Effort } from './bench.js';
import { runBench, type RunOptions } from './run.js';

const effort: Effort = { rounds: 3, seconds: 1, warmUpSeconds: 1, repeats: 2 };
const options: RunOptions = { effort, targets: { f: { max: 1.1 } }, progress: () => undefined };
const result = (high: number): BenchResult => ({
  name: 'b',
  title: 'b',
  rows: [],
  notes: [],
  figures: [{ name: 'f', estimate: { median: 1, interval: [1, high], spread: 0, samples: 3 } }],
});
const bench = (...highs: number[]): Bench & { run: ReturnType<typeof vi.fn> } => {
  const run = vi.fn();
  for (const high of highs) run.mockResolvedValueOnce(result(high));
  return { name: 'b', title: 'b', quick: true, run };
};

describe('runBench', () => {
  it('takes a run that decides as it is', async () => {
    const steady = bench(1.05);

    expect(await runBench(steady, options)).toEqual(result(1.05));
    expect(steady.run).toHaveBeenCalledTimes(1);
  });

  it('repeats a run that does not say whether a target is met, until one does', async () => {
    const settling = bench(1.4, 1.05);

    expect(await runBench(settling, options)).toEqual(result(1.05));
    expect(settling.run).toHaveBeenCalledTimes(2);
  });

  it('says so when it stays unsteady, and keeps the surest', async () => {
    const shaky = bench(1.4, 1.2, 1.3);
    const kept = await runBench(shaky, options);

    expect(shaky.run).toHaveBeenCalledTimes(3);
    expect(kept.figures[0]?.estimate.interval).toEqual([1, 1.2]);
    expect(kept.notes).toEqual(['Unsteady: the interval of a figure is 20 % of it, wider than 10 %.']);
  });

  it.each([
    ['without a target', {}],
    ['far from its target', { f: { max: 2 } }],
    ['beyond its target', { f: { min: 1.5 } }],
  ])('does not repeat a run for a figure %s', async (_figure, targets) => {
    const shaky = bench(1.4);
    const kept = await runBench(shaky, { ...options, targets });

    expect(shaky.run).toHaveBeenCalledTimes(1);
    expect(kept.notes).toEqual(['Unsteady: the interval of a figure is 40 % of it, wider than 10 %.']);
  });
});
