/** A median, how sure it is and how far the values lie apart. */
export interface Estimate {
  readonly median: number;
  /** Where the median of all that could be measured lies, in 95 of 100 runs: between these two values. */
  readonly interval: readonly [low: number, high: number];
  /** Interquartile range ÷ median. */
  readonly spread: number;
  readonly samples: number;
}

/** The value below which a share of the values lies, with linear interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) throw new RangeError('No values.');
  return low + (high - low) * (at - Math.floor(at));
}

/** @throws RangeError without values */
export function estimate(values: readonly number[]): Estimate {
  const median = quantile(values, 0.5);
  const range = quantile(values, 0.75) - quantile(values, 0.25);
  return {
    median,
    interval: intervalOfMedian(values),
    spread: median === 0 ? 0 : Math.abs(range / median),
    samples: values.length,
  };
}

/** How wide the interval of a median is, relative to the median. */
export function uncertainty({ median, interval: [low, high] }: Estimate): number {
  return low === high ? 0 : Math.abs((high - low) / median);
}

/**
 * The 95 % interval of the median by order statistics, which supposes nothing of how the values are distributed: as
 * many values are left out at each end as a fair coin, tossed once a value, stays below in at most 2.5 of 100 runs.
 * Fewer than six values do not allow for it, and give their smallest and largest.
 */
function intervalOfMedian(values: readonly number[]): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  let leftOut = 0;
  let probability = 0.5 ** count;
  for (let below = probability; below <= 0.025; leftOut++) {
    probability *= (count - leftOut) / (leftOut + 1);
    below += probability;
  }
  const outermost = Math.max(leftOut - 1, 0);
  return [sorted[outermost] ?? Number.NaN, sorted[count - 1 - outermost] ?? Number.NaN];
}
