import { describe, expect, it } from 'vitest';
import { type BenchResult } from '../bench.js';
import { barChart } from './chart.js';

const result: BenchResult = {
  name: 'b',
  title: 'A & B',
  figures: [],
  notes: [],
  rows: [
    { label: '@countersign/guards', values: { 'requests/s': 30_123 } },
    { label: 'a <peer>', values: { 'requests/s': 2_900 } },
    { label: 'not measured', values: {} },
  ],
};

describe('barChart', () => {
  it('draws a bar with its value for each row that has one', () => {
    const svg = barChart(result, 'requests/s');

    expect(svg).toMatch(/^<svg [^]*<\/svg>$/);
    for (const text of ['A &amp; B', '@countersign/guards', '30,100', 'a &lt;peer&gt;', '2,900']) {
      expect(svg).toContain(text);
    }
    expect(svg).not.toContain('not measured');
  });
});
