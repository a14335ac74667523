import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import type { Credentials } from './credentials.js';
import { isReplayable } from './replayable.js';

/**
 * The headers that are really sent: those of the call and the credentials, which the headers of the call itself never
 * hold. How long a body is that is all there is counted anew: a wrong length would make a call of its own of the rest.
 */
export function wireHeaders(
  { headers, data }: InternalAxiosRequestConfig,
  { authorization, dpop }: Credentials,
): AxiosHeaders {
  const sent = Object.assign(new AxiosHeaders(), headers);
  sent['Authorization'] = authorization;
  if (dpop !== undefined) sent['DPoP'] = dpop;
  if (data === undefined || data === null) sent.delete('Content-Type');
  if (isReplayable(data)) sent.delete('Content-Length');
  return sent;
}
