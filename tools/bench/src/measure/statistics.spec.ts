import { describe, expect, it } from 'vitest';
import { estimate, quantile, uncertainty } from './statistics.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_unused, index) => index + 1);

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
    expect(estimate([1, 2, 3, 4, 1_000])).toMatchObject({ median: 3, spread: 2 / 3, samples: 5 });
  });

  it.each([
    [1, 1, 1],
    [3, 1, 3],
    [5, 1, 5],
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [12, 3, 10],
    [15, 4, 12],
    [24, 7, 18],
    [100, 40, 61],
  ])('knows from the binomial table where the median of %d values lies', (count, low, high) => {
    expect(estimate(upTo(count).reverse()).interval).toEqual([low, high]);
  });

  it('says how uncertain a median is', () => {
    expect(uncertainty(estimate(upTo(9)))).toBeCloseTo(6 / 5);
    expect(uncertainty(estimate([7]))).toBe(0);
    expect(uncertainty(estimate([0, 0, 0]))).toBe(0);
  });

  it('has no estimate of nothing', () => {
    expect(() => estimate([])).toThrow(RangeError);
  });
});
