import { describe, expect, it } from 'vitest';
import { cells, formatNumber, markdownTable, plainTable } from './table.js';

describe('tables', () => {
  it.each([
    [12_345.6, '12,346'],
    [12.34, '12.3'],
    [0.9512, '0.95'],
    [0, '0.00'],
    [0.01234, '0.0123'],
    [Number.NaN, '–'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('gives every column of every row', () => {
    const table = cells([
      { label: 'a', values: { x: 1 } },
      { label: 'longer', values: { y: 200 } },
    ]);

    expect(plainTable(table)).toBe(
      ['           x    y', 'a       1.00    –', 'longer     –  200'].join('\n'),
    );
    expect(markdownTable(table)).toBe(
      ['|  | x | y |', '| :-- | --: | --: |', '| a | 1.00 | – |', '| longer | – | 200 |'].join('\n'),
    );
  });
});
