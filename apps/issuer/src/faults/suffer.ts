import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { TokenRefusal } from '../policy/token-refusal.js';
import type { Fault } from './fault.js';

/** The longest that a request hangs, in milliseconds. */
const hangFor = 60_000;

/**
 * Lets a request suffer what befalls it before it is answered: it waits, or is refused, or both.
 *
 * @throws {@link TokenRefusal} `fault_injected`
 */
export async function suffer(faults: readonly Fault[], request: IncomingMessage): Promise<void> {
  for (const fault of faults) {
    if (fault.kind === 'latency') await delay(fault.milliseconds, undefined, { ref: false });
    if (fault.kind === 'hang') await hang(request);
    if (fault.kind === 'rate-limit') {
      const headers = { 'Retry-After': String(fault.retry_after) };
      throw injected(429, 'too_many_requests', 'Global limit has been reached', headers);
    }
    if (fault.kind === 'error' || fault.kind === 'hang')
      throw injected(500, 'server_error', 'The request could not be answered.');
  }
}

/** Answers nothing as long as the client waits. */
async function hang({ socket }: IncomingMessage): Promise<void> {
  const timeout = AbortSignal.timeout(hangFor);
  if (!socket.destroyed) await once(socket, 'close', { signal: timeout }).catch(() => undefined);
}

const injected = (status: number, error: string, description: string, headers = {}) =>
  new TokenRefusal('fault_injected', status, error, description, description, headers);
