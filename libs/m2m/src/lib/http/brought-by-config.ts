import type { AxiosHeaders, InternalAxiosRequestConfig } from 'axios';
import { broughtByHeaders } from './refuse-own-credentials.js';

/** Options of axios and of Node's http client that take a request to another server than its URL names. */
const detours = ['socketPath', 'transport', 'lookup', 'httpAgent', 'httpsAgent', 'http2Options'] as const;
type DetourOptions = Partial<Record<(typeof detours)[number], unknown>>;

/** What a call through axios brings that only its connection may decide about. */
export function broughtByConfig(config: InternalAxiosRequestConfig): string | undefined {
  if (config.auth) return 'credentials of its own';
  const detour = detours.find((option) => (config as DetourOptions)[option]);
  return (
    broughtByHeaders(namesOf(config.headers)) ?? (detour && `a way of its own to the server (${detour})`)
  );
}

/** The headers that are set; one that is `undefined` is not sent. */
const namesOf = (headers: AxiosHeaders): string[] =>
  Object.keys(headers).filter((name) => headers[name] !== undefined);
