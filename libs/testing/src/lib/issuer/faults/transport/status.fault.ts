import { send } from '../../http-exchange.js';
import { type TransportBehaviour } from './transport-behaviour.js';

/** A status with an optional body and headers: `{ kind: 'status', status: 500 }`. */
export interface StatusFault {
  kind: 'status';
  status: number;
  /** Default: none. */
  body?: string;
  /** Default: `Content-Type: text/plain`. */
  headers?: Record<string, string>;
}

export const status: TransportBehaviour<StatusFault> = {
  instead: (fault, response) =>
    send(response, {
      status: fault.status,
      headers: { 'content-type': 'text/plain', ...fault.headers },
      body: fault.body ?? '',
    }),
};
