import { describe, expect, it } from 'vitest';
import { type BenchResult } from '../bench.js';
import { estimate } from '../measure/statistics.js';
import { judge, readTargets } from './targets.js';

const result = (name: string, median: number): BenchResult => ({
  name: 'b',
  title: 'b',
  rows: [],
  notes: [],
  figures: [{ name, estimate: estimate([median]) }],
});

describe('targets', () => {
  it.each([
    [{ min: 0.9 }, 0.9, true],
    [{ min: 0.9 }, 0.89, false],
    [{ max: 0.5 }, 0.5, true],
    [{ max: 0.5 }, 0.51, false],
    [{ min: 1, max: 2 }, 3, false],
    [{ max: 0.5 }, Number.NaN, false],
  ])('%j with %d: met %s', (target, measured, met) => {
    expect(judge([result('f', measured)], { f: target })).toMatchObject([
      { figure: 'f', measured: { median: measured }, met },
    ]);
  });

  it('leaves out what was not measured', () => {
    expect(judge([result('f', 1)], { g: { min: 1 } })).toEqual([]);
  });

  it('reads the targets of the workspace', async () => {
    expect(Object.keys(await readTargets(new URL('../../targets.json', import.meta.url)))).not.toEqual([]);
  });
});
