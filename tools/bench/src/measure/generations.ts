import { type Effort } from '../bench.js';
import { type Contender, measureInTurn, type Sample } from './measure-in-turn.js';

/** Takes something on that is disposed of at the end of a generation. */
export type Own = <T extends AsyncDisposable>(resource: T) => T;

/**
 * Measures contenders round by round, in each round by processes of their own: how the engine compiles and lays out one
 * process is a matter of luck that no number of rounds within it evens out.
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
  for (let round = 1; round <= effort.rounds; round++) {
    const owned: AsyncDisposable[] = [];
    const own: Own = (resource) => {
      owned.push(resource);
      return resource;
    };
    try {
      const contenders = await start(own);
      beforeRound?.();
      const samples = await measureInTurn(contenders, effort, (text) =>
        progress(`round ${round} of ${effort.rounds}, ${text}`),
      );
      for (const [index, { label }] of contenders.entries()) {
        const known = measured.get(label) ?? [];
        const sample = samples[index];
        if (sample) known.push(sample);
        measured.set(label, known);
      }
    } finally {
      for (const resource of owned.reverse()) await resource[Symbol.asyncDispose]();
    }
  }
  return measured;
}
