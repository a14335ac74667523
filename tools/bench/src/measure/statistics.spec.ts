import { describe, expect, it } from 'vitest';
import { estimate, quantile } from './statistics.js';

describe('statistics', () => {
  it.each([
    [0, 1],
    [0.25, 2],
    [0.5, 3],
    [0.99, 4.96],
    [1, 5],
  ])('the %d quantile of 1 to 5 is %d', (share, value) => {
    expect(quantile([5, 1, 4, 2, 3], share)).toBeCloseTo(value);
  });

  it('estimates by the median and the middle half, so that one outlier changes nothing', () => {
    expect(estimate([1, 2, 3, 4, 1_000])).toEqual({ median: 3, spread: 2 / 3, samples: 5 });
  });

  it('has no estimate of nothing', () => {
    expect(() => estimate([])).toThrow(RangeError);
  });
});
