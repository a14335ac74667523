import { type BenchResult, type Row } from '../bench.js';
import { type Estimate } from '../measure/statistics.js';

/** A number with as many digits as it deserves. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 4;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The interval of a median. */
export function intervalText({ interval: [low, high] }: Estimate): string {
  return low === high ? '–' : `${formatNumber(low)} to ${formatNumber(high)}`;
}

/** Rows as cells of text, header first. */
export function cells(rows: readonly Row[]): string[][] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.values)))];
  return [
    ['', ...columns],
    ...rows.map((row) => [
      row.label,
      ...columns.map((column) => {
        const value = row.values[column];
        return value === undefined ? '–' : formatNumber(value);
      }),
    ]),
  ];
}

/** The figures of a bench as cells of text, header first. */
export function figureCells(result: BenchResult): string[][] {
  return [
    ['figure', 'median', '95 % interval', 'spread', 'rounds'],
    ...result.figures.map(({ name, estimate }) => [
      name,
      formatNumber(estimate.median),
      intervalText(estimate),
      `${(estimate.spread * 100).toFixed(1)} %`,
      String(estimate.samples),
    ]),
  ];
}

/** A table for the terminal. */
export function plainTable(table: readonly (readonly string[])[]): string {
  const widths = (table[0] ?? []).map((_unused, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  return table
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** A table for Markdown. */
export function markdownTable(table: readonly (readonly string[])[]): string {
  const [header = [], ...lines] = table;
  const rule = header.map((_unused, column) => (column === 0 ? ':--' : '--:'));
  return [header, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
