/** The longest wait of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls back when a token expires, at once where it has. Keeps no process alive.
 *
 * @param expiresAt when that is, in seconds since the epoch
 * @returns takes it back
 */
export function atExpiry(expiresAt: number, expired: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const remaining = expiresAt * 1_000 - Date.now();
    if (remaining <= 0) return expired();
    timer = setTimeout(wait, Math.min(remaining, LONGEST)).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
