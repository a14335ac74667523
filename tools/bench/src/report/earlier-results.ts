import { readFile } from 'node:fs/promises';
import { type BenchResult } from '../bench.js';
import { type Environment } from './environment.js';

interface Report {
  readonly environment: Environment;
  readonly results: readonly BenchResult[];
}

/**
 * The results of an earlier run, for some benches to be run again.
 *
 * @param file as `--json` wrote it
 * @throws Error where it was another machine, another Node or other packages
 */
export async function earlierResults(file: string, here: Environment): Promise<readonly BenchResult[]> {
  const { environment, results } = JSON.parse(await readFile(file, 'utf8')) as Report;
  if (withoutDate(environment) !== withoutDate(here))
    throw new Error(
      `${file} is of another machine or of other versions: its figures do not stand beside these.`,
    );
  return results;
}

const withoutDate = (environment: Environment): string => JSON.stringify({ ...environment, date: undefined });

/** Earlier results with newer ones in their place, in the order of the benches. */
export function replaced(
  earlier: readonly BenchResult[],
  newer: readonly BenchResult[],
  order: readonly string[],
): BenchResult[] {
  const byName = new Map([...earlier, ...newer].map((result) => [result.name, result]));
  return order.flatMap((name) => byName.get(name) ?? []);
}
