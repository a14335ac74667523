import { type Effort } from '../bench.js';
import { type Contender, interleave, type Sample } from './interleave.js';

/** Takes something on that is disposed of at the end of a generation. */
export type Own = <T extends AsyncDisposable>(resource: T) => T;

/**
 * Measures contenders in several generations of processes: how the engine compiles and lays out one process is a
 * matter of luck that no number of rounds within it evens out.
 *
 * @param start starts the processes of a generation; what it hands to `own` ends with it
 * @param beforeRound what is to be measured in this process beside them
 * @returns the samples of each contender by its label, in the order of the rounds
 */
export async function inGenerations(
  effort: Effort,
  progress: (text: string) => void,
  start: (own: Own) => Promise<readonly Contender[]>,
  beforeRound?: () => void,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const measured = new Map<string, Sample[]>();
  for (let generation = 1; generation <= effort.generations; generation++) {
    const owned: AsyncDisposable[] = [];
    const own: Own = (resource) => {
      owned.push(resource);
      return resource;
    };
    try {
      const contenders = await start(own);
      const samples = await interleave(
        contenders,
        effort,
        (text) => progress(`generation ${generation} of ${effort.generations}, ${text}`),
        beforeRound,
      );
      for (const [index, { label }] of contenders.entries()) {
        const known = measured.get(label) ?? [];
        known.push(...(samples[index] ?? []));
        measured.set(label, known);
      }
    } finally {
      for (const resource of owned.reverse()) await resource[Symbol.asyncDispose]();
    }
  }
  return measured;
}
