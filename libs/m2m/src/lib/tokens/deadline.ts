import type { Clock } from './clock.js';

/**
 * Runs something that must end in time. Its signal is aborted at the deadline, and the promise settles then even where
 * the signal is not heeded.
 *
 * @param ms milliseconds
 * @param late what the promise rejects with at the deadline
 * @param outer a signal that ends it earlier, with its own reason
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  late: () => Error,
  run: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const timer = new AbortController();
  const work = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    work.signal.addEventListener('abort', () => reject(work.signal.reason as Error), { once: true });
  });
  ended.catch(() => undefined);
  const onOuter = () => work.abort(outer?.reason);
  if (outer?.aborted) onOuter();
  else outer?.addEventListener('abort', onOuter, { once: true });
  clock.delay(ms, timer.signal).then(
    () => work.abort(late()),
    () => undefined,
  );
  try {
    return await Promise.race([run(work.signal), ended]);
  } finally {
    timer.abort();
    outer?.removeEventListener('abort', onOuter);
  }
}
