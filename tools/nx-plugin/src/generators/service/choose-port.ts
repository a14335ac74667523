import type { AppContract } from '../../contracts/contracts-of.ts';

/** The port of the local issuer; services follow it. */
const issuerPort = 4100;

/**
 * The port of a new service: the one that was asked for, or one more than the highest in use, so that a port never moves
 * from one service to another.
 *
 * @param wanted a port, or `auto`; default `auto`
 * @throws Error where it is no port, or another service has it
 */
export function choosePort(contracts: readonly AppContract[], wanted: string | number = 'auto'): number {
  const asked = String(wanted);
  const taken = new Map(
    contracts.flatMap(({ port, service }) => (port === undefined ? [] : [[port, service]])),
  );
  if (asked === 'auto') return Math.max(issuerPort, ...taken.keys()) + 1;
  const port = Number(asked);
  if (!/^\d{1,5}$/.test(asked) || port < 1 || port > 65_535) {
    throw new Error(
      `No service can listen on port ${JSON.stringify(asked)}. Write a number from 1 to 65535, or auto.`,
    );
  }
  const owner = port === issuerPort ? 'issuer' : taken.get(port);
  if (owner !== undefined) throw new Error(`Port ${port} is that of ${owner}. Write another, or auto.`);
  return port;
}
