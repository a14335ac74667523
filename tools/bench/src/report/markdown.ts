import { type BenchResult } from '../bench.js';
import { type Environment } from './environment.js';
import { cells, figureCells, formatNumber, intervalText, markdownTable } from './table.js';
import { type Verdict } from './targets.js';

const method = `Servers are processes of their own. Where the machine has two cores and \`taskset\`, servers run on one core
and the load on another. Each contender is warmed up, then all are measured second by second, in turn and every other
time the other way round, so that a disturbance meets them alike; a round's sample is the median of its seconds. The next
round starts new processes, because no two are compiled and laid out alike. "Relative to no-op" is the CPU time that a
request costs with the no-op guard divided by the CPU time that it costs with this one, in the same round: the share of
a saturated core's throughput that is left. "Guarding µs" is the CPU time of a request beyond the no-op guard's. A figure is the median over the rounds, with
the 95 % interval of that median by order statistics; its spread is the interquartile range divided by the median.`;

/** The report of a run, reproducible by \`npm run bench\`. */
export function markdownReport(
  environment: Environment,
  results: readonly BenchResult[],
  verdicts: readonly Verdict[],
  charts: ReadonlyMap<string, string> = new Map(),
): string {
  const versions = Object.entries(environment.versions).map(([name, version]) => `${name} ${version}`);
  const sections = results.map((result) =>
    [
      `## ${result.title}`,
      ...result.notes,
      ...(charts.has(result.name) ? [`![${result.title}](${charts.get(result.name)})`] : []),
      ...(result.rows.length > 0 ? [markdownTable(cells(result.rows))] : []),
      ...(result.figures.length > 0 ? [markdownTable(figureCells(result))] : []),
    ].join('\n\n'),
  );
  const judged = verdicts.map(({ figure, target, measured, met }) => [
    figure,
    target,
    formatNumber(measured.median),
    intervalText(measured),
    met ? 'met' : 'falls short',
  ]);
  return [
    '# Results',
    'Written by `npm run bench -- --write`; every figure comes from that run, or with `--onto` from the one that it went on with.',
    markdownTable([
      ['', ''],
      ['date', environment.date],
      ['machine', `${environment.cpu}, ${environment.cores} cores, ${environment.memoryGb} GB`],
      ['Node', environment.node],
      ['load', `${environment.load}, ${environment.pinned ? 'cores pinned' : 'cores not pinned'}`],
      ['versions', versions.join(', ')],
    ]),
    `## Method\n\n${method}`,
    ...(judged.length > 0
      ? [`## Targets\n\n${markdownTable([['figure', 'target', 'measured', '95 % interval', ''], ...judged])}`]
      : []),
    ...sections,
    '',
  ].join('\n\n');
}
