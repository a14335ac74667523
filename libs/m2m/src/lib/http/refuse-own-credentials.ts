import { M2mError } from '../errors/m2m-error.js';
import type { Connection } from './connection.js';

/**
 * Refuses a call that brings credentials of its own, or a way around the connection's origin.
 *
 * @param what the call brings; nothing where it is as it should be
 * @throws M2mError `connection_misconfigured`
 */
export function refuseOwnCredentials(
  what: string | undefined,
  { name, request: { audience } }: Connection,
): void {
  if (what === undefined) return;
  throw new M2mError(
    'connection_misconfigured',
    `A call to ${name} was not sent: it brings ${what}. The connection sets the token; remove it from the call, or use another client.`,
    { audience },
  );
}

/**
 * What headers bring that only a connection may decide about.
 *
 * @param names in whatever case
 */
export function broughtByHeaders(names: Iterable<string>): string | undefined {
  for (const name of names) {
    const brought = reserved.get(name.toLowerCase());
    if (brought !== undefined) return brought;
  }
  return undefined;
}

const reserved: ReadonlyMap<string, string> = new Map([
  ['authorization', 'credentials of its own'],
  ['dpop', 'credentials of its own'],
  ['host', 'a Host header'],
  ['transfer-encoding', 'a Transfer-Encoding header'],
]);
