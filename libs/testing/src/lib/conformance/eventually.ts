import { setTimeout as delay } from 'node:timers/promises';

const intervalMs = 200;

/**
 * Asks again and again until it is so.
 *
 * @param what completes the sentence "… within n ms"
 * @param withinMs milliseconds until it is given up
 * @throws Error when it is not so in time
 */
export async function eventually(
  what: string,
  holds: () => Promise<boolean>,
  withinMs: number,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() >= deadline) throw new Error(`${what} within ${withinMs} ms`);
    await delay(intervalMs);
  }
}
