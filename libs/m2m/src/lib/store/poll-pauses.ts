import type { Clock } from '../tokens/clock.js';

const first = 25;
const longest = 250;

/** The pauses between two looks at the store, in milliseconds: 25 at first, longer each time, 250 at most, jittered. */
export function* pollPauses(clock: Clock): Generator<number, never> {
  for (let pause = first; ; pause = Math.min(longest, pause * 1.5)) yield pause * (0.75 + clock.random() / 2);
}
