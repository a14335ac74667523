import type { InternalAxiosRequestConfig } from 'axios';
import { M2mError } from '../errors/m2m-error.js';
import type { Connection } from './connection.js';

/**
 * Refuses a call that brings credentials of its own, or a way around the connection's origin.
 *
 * @throws M2mError `connection_misconfigured`
 */
export function refuseOwnCredentials(
  { headers, auth, socketPath }: InternalAxiosRequestConfig,
  { name, request: { audience } }: Connection,
): void {
  const what =
    headers.has('Authorization') || headers.has('DPoP') || auth
      ? 'credentials of its own'
      : socketPath
        ? 'a socketPath'
        : undefined;
  if (what === undefined) return;
  throw new M2mError(
    'connection_misconfigured',
    `A call to ${name} was not sent: it brings ${what}. The connection sets the token; remove it from the call, or use another HttpService.`,
    { audience },
  );
}
