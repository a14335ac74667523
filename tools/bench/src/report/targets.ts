import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { type BenchResult } from '../bench.js';
import { type Estimate } from '../measure/statistics.js';

const schema = z.record(
  z.string(),
  z.strictObject({ min: z.number().optional(), max: z.number().optional() }),
);

/** Bounds by the name of a figure. */
export type Targets = z.infer<typeof schema>;

/** A figure beside its bound. */
export interface Verdict {
  readonly figure: string;
  readonly target: string;
  readonly measured: Estimate;
  /** By its median. */
  readonly met: boolean;
}

export async function readTargets(file: URL): Promise<Targets> {
  return schema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** Whether a target lies within the interval of its figure, so that another run may say otherwise. */
export function isUndecided({ figures }: BenchResult, targets: Targets): boolean {
  return figures.some(({ name, estimate: { interval } }) => {
    const { min, max } = targets[name] ?? {};
    return [min, max].some((bound) => bound !== undefined && interval[0] < bound && bound < interval[1]);
  });
}

/** Holds the measured figures against their targets; a target that the run did not measure is left out. */
export function judge(results: readonly BenchResult[], targets: Targets): Verdict[] {
  const figures = new Map(
    results.flatMap((result) => result.figures.map((figure) => [figure.name, figure.estimate])),
  );
  return Object.entries(targets).flatMap(([figure, { min, max }]) => {
    const measured = figures.get(figure);
    if (measured === undefined) return [];
    const bounds = [...(min === undefined ? [] : [`≥ ${min}`]), ...(max === undefined ? [] : [`≤ ${max}`])];
    const met = measured.median >= (min ?? -Infinity) && measured.median <= (max ?? Infinity);
    return [{ figure, target: bounds.join(', '), measured, met }];
  });
}
