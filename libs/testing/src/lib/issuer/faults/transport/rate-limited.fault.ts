import { json, send } from '../../http-exchange.js';
import { type QuotaBucket, quotaHeader } from '../client-quota.js';
import { type TransportBehaviour } from './transport-behaviour.js';

/** 429 `too_many_requests`, as Auth0 answers it. */
export interface RateLimitedFault {
  kind: 'rate-limited';
  /** `Retry-After`: seconds as a number, a date as a `Date`, or any other text. Default: no such header. */
  retryAfter?: number | string | Date;
  /** The buckets of `Auth0-Client-Quota-Limit`. Default: no such header. */
  quota?: readonly QuotaBucket[];
}

export const rateLimited: TransportBehaviour<RateLimitedFault> = {
  instead: ({ retryAfter, quota }, response) => {
    const headers = {
      ...(retryAfter !== undefined && { 'retry-after': headerValue(retryAfter) }),
      ...(quota && quotaHeader(quota)),
    };
    const body = { error: 'too_many_requests', error_description: 'Client quota exceeded' };
    send(response, json(429, body, headers));
  },
};

function headerValue(retryAfter: number | string | Date): string {
  return retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter);
}
