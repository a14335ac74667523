import { send } from '../../http-exchange.js';
import { type TransportBehaviour } from './transport-behaviour.js';

/** The right answer with so many bytes more in a member that nobody reads. */
export interface HugeFault {
  kind: 'huge';
  /** Default 16 MiB. */
  bytes?: number;
}

const mebibyte = 1024 * 1024;

export const huge: TransportBehaviour<HugeFault> = {
  deliver: ({ bytes = 16 * mebibyte }, response, answer) => {
    const body = answer.body.replace('{', `{"filler":"${'x'.repeat(bytes)}",`);
    send(response, { ...answer, body });
  },
};
