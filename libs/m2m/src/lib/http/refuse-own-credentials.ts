import type { InternalAxiosRequestConfig } from 'axios';
import { M2mError } from '../errors/m2m-error.js';
import type { Connection } from './connection.js';

/** Options of axios and of Node's http client that take a request to another server than its URL names. */
const detours = ['socketPath', 'transport', 'lookup', 'httpAgent', 'httpsAgent'] as const;
type DetourOptions = Partial<Record<(typeof detours)[number], unknown>>;

/**
 * Refuses a call that brings credentials of its own, or a way around the connection's origin.
 *
 * @throws M2mError `connection_misconfigured`
 */
export function refuseOwnCredentials(
  config: InternalAxiosRequestConfig,
  { name, request: { audience } }: Connection,
): void {
  const what = broughtBy(config);
  if (what === undefined) return;
  throw new M2mError(
    'connection_misconfigured',
    `A call to ${name} was not sent: it brings ${what}. The connection sets the token; remove it from the call, or use another HttpService.`,
    { audience },
  );
}

/** What a call brings that only its connection may decide about. */
function broughtBy(config: InternalAxiosRequestConfig): string | undefined {
  const { headers, auth } = config;
  if (headers.has('Authorization') || headers.has('DPoP') || auth) return 'credentials of its own';
  if (headers.has('Host')) return 'a Host header';
  const detour = detours.find((option) => (config as DetourOptions)[option]);
  return detour && `a way of its own to the server (${detour})`;
}
