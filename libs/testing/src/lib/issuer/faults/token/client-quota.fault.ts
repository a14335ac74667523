import { quotaHeader, type QuotaBucket } from '../client-quota.js';
import { type TokenBehaviour } from './token-behaviour.js';

/** The right answer with Auth0's `Auth0-Client-Quota-Limit`: how many tokens the client may still ask for. */
export interface ClientQuotaFault {
  kind: 'client-quota';
  quota: readonly QuotaBucket[];
}

export const clientQuota: TokenBehaviour<ClientQuotaFault> = { headers: ({ quota }) => quotaHeader(quota) };
