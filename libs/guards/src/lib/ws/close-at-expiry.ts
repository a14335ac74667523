/** What is needed of a WebSocket to end it. */
export interface Closable {
  close(code: number, reason: string): void;
  once(event: 'close', listener: () => void): unknown;
}

/** The longest wait of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** Policy violation, RFC 6455 §7.4.1. */
const POLICY_VIOLATION = 1008;

/**
 * Closes a connection when the token that opened it expires.
 *
 * @param expiresAt when that is, in seconds since the epoch
 */
export function closeAtExpiry(client: Closable, expiresAt: number): void {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const remaining = expiresAt * 1000 - Date.now();
    if (remaining <= 0) return client.close(POLICY_VIOLATION, 'token_expired');
    timer = setTimeout(wait, Math.min(remaining, LONGEST)).unref();
  };
  client.once('close', () => clearTimeout(timer));
  wait();
}
