import type { AppContract } from './contracts-of.ts';

const messagePortOffset = 1_000;

/**
 * Where a service takes messages on a laptop, as `tcp://127.0.0.1:5101`: a thousand above its HTTP port, or the usual
 * port of NATS. Nothing for a service that answers HTTP only.
 */
export function messageUrlOf(contract: Pick<AppContract, 'port' | 'stamp'>): string | undefined {
  const { port, stamp } = contract;
  if (stamp === undefined || stamp.transport === 'http') return undefined;
  if (stamp.transport === 'nats') return 'nats://127.0.0.1:4222';
  return port === undefined ? undefined : `${stamp.transport}://127.0.0.1:${port + messagePortOffset}`;
}
