import { atExpiry } from '../time/at-expiry.js';

/** What is needed of a WebSocket to end it. */
export interface Closable {
  close(code: number, reason: string): void;
  once(event: 'close', listener: () => void): unknown;
}

/** Policy violation, RFC 6455 §7.4.1. */
const POLICY_VIOLATION = 1008;

/**
 * Closes a connection when the token that opened it expires.
 *
 * @param expiresAt when that is, in seconds since the epoch
 */
export function closeAtExpiry(client: Closable, expiresAt: number): void {
  client.once(
    'close',
    atExpiry(expiresAt, () => client.close(POLICY_VIOLATION, 'token_expired')),
  );
}
