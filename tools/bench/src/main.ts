import { writeFile } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import { Command } from 'commander';
import pc from 'picocolors';
import { benches } from './benches/index.js';
import { type BenchResult, type Effort } from './bench.js';
import { earlierResults, replaced } from './report/earlier-results.js';
import { environment } from './report/environment.js';
import { cells, figureCells, intervalText, plainTable } from './report/table.js';
import { judge, readTargets, type Verdict } from './report/targets.js';
import { writeReport } from './report/write-report.js';
import { runBench } from './run.js';

interface Options {
  readonly quick?: true;
  readonly json?: string;
  readonly only?: readonly string[];
  readonly check?: true;
  readonly write?: true;
  readonly onto?: string;
}

Logger.overrideLogger(false);

const whole: Effort = { rounds: 2, seconds: 3, warmUpSeconds: 3, repeats: 1 };
const brief: Effort = { rounds: 1, seconds: 1, warmUpSeconds: 2, repeats: 0 };

const program = new Command('bench')
  .description('Measures this workspace beside the packages a user would pick instead.')
  .option('--quick', 'fewer benches, shorter rounds')
  .option('--only <names...>', `one or some of: ${benches.map(({ name }) => name).join(', ')}`)
  .option('--json <file>', 'write every figure to a file')
  .option('--write', 'write RESULTS.md and its charts')
  .option('--onto <file>', 'keep what the JSON of an earlier run says of the other benches')
  .option('--check', 'compare with targets.json and print what falls short')
  .parse();
const options = program.opts<Options>();

const unknown = options.only?.filter((name) => !benches.some((bench) => bench.name === name)) ?? [];
if (unknown.length > 0) program.error(`No bench is named ${unknown.join(', ')}.`);

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${pc.dim(text)}`);
};
const chosen = benches.filter(({ name, quick }) => options.only?.includes(name) ?? (quick || !options.quick));
const effort = options.quick ? brief : whole;
const targets = await readTargets(new URL('../targets.json', import.meta.url));
const where = environment();
const earlier = options.onto === undefined ? [] : await earlierResults(options.onto, where);
const order = benches.map(({ name }) => name);
const measured: BenchResult[] = [];

/** What there is so far is kept after each bench: a run takes long, and may be cut off. */
async function keep(): Promise<Verdict[]> {
  const results = replaced(earlier, measured, order);
  const verdicts = judge(results, targets);
  if (options.write) await writeReport(where, results, verdicts);
  const report = { environment: where, results, verdicts };
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  return verdicts;
}

let verdicts: readonly Verdict[] = [];
for (const bench of chosen) {
  console.log(`\n${pc.bold(bench.title)} ${pc.dim(`(${bench.name})`)}`);
  const result = await runBench(bench, { effort, targets, progress });
  progress('');
  measured.push(result);
  if (result.rows.length > 0) console.log(plainTable(cells(result.rows)));
  if (result.figures.length > 0) console.log(`\n${plainTable(figureCells(result))}`);
  for (const note of result.notes) console.log(pc.dim(note));
  verdicts = await keep();
}

if (options.check) {
  console.log(`\n${pc.bold('Targets')}`);
  for (const { figure, target, measured, met } of verdicts)
    console.log(
      `${met ? pc.green('met        ') : pc.red('falls short')}  ${figure} ${target}: ${measured.median.toFixed(3)} (${intervalText(measured)})`,
    );
}
