import { Bench as Tinybench } from 'tinybench';
import { type Effort } from '../bench.js';

/** Something to be timed in this process. */
export interface Task {
  readonly label: string;
  readonly run: () => unknown;
}

/** Rounds in one process are short: so many take the place of one. */
const roundsInProcess = 3;

/**
 * Times tasks in turn, round by round.
 *
 * @returns microseconds of one call, a list for each task in the order of the rounds
 */
export async function timeInProcess(
  tasks: readonly Task[],
  effort: Effort,
  progress: (text: string) => void,
): Promise<number[][]> {
  const micros = tasks.map((): number[] => []);
  const rounds = effort.rounds * roundsInProcess;
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    const bench = new Tinybench({
      time: effort.seconds * 100,
      warmupTime: round === 0 ? 100 : 20,
      throws: true,
    });
    for (const { label, run } of tasks) bench.add(label, run);
    await bench.run();
    for (const [index, { result }] of bench.tasks.entries())
      if ('latency' in result) micros[index]?.push(result.latency.p50 * 1000);
  }
  return micros;
}
