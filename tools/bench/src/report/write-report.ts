import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type BenchResult } from '../bench.js';
import { barChart } from './chart.js';
import { type Environment } from './environment.js';
import { markdownReport } from './markdown.js';
import { type Verdict } from './targets.js';

const folder = new URL('../../', import.meta.url);
/** What is drawn of a bench: the first of these that its rows have. */
const drawn = [
  'requests/s',
  'tokens/s',
  'orders/s',
  'µs',
  'µs/call',
  'tokens minted',
  'with a shared store',
  'ms',
];

/** Writes RESULTS.md, and a chart for each bench whose rows can be drawn. */
export async function writeReport(
  environment: Environment,
  results: readonly BenchResult[],
  verdicts: readonly Verdict[],
): Promise<void> {
  await rm(new URL('charts/', folder), { recursive: true, force: true });
  await mkdir(new URL('charts/', folder), { recursive: true });
  const charts = new Map<string, string>();
  for (const result of results) {
    const column = drawn.find((name) => result.rows.some(({ values }) => name in values));
    if (column === undefined) continue;
    const file = `charts/${result.name}.svg`;
    await writeFile(new URL(file, folder), barChart(result, column));
    charts.set(result.name, file);
  }
  await writeFile(new URL('RESULTS.md', folder), markdownReport(environment, results, verdicts, charts));
}
