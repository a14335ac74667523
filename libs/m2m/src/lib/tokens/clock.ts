/** Where the manager's time comes from; tests hand in their own. */
export interface Clock {
  /** Milliseconds of the epoch, for what is shown to people and for HTTP dates. */
  now(): number;
  /** Milliseconds that never jump, for lifetimes. */
  monotonic(): number;
  /** A number from 0 to 1, for jitter. */
  random(): number;
  /** Waits, in milliseconds; rejects with the signal's reason where it is aborted. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  delay: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      const abort = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    }),
};
