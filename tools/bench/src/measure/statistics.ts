/** A median and how far the middle half of the values lies around it. */
export interface Estimate {
  readonly median: number;
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

export function estimate(values: readonly number[]): Estimate {
  const median = quantile(values, 0.5);
  const range = quantile(values, 0.75) - quantile(values, 0.25);
  return { median, spread: median === 0 ? 0 : Math.abs(range / median), samples: values.length };
}
