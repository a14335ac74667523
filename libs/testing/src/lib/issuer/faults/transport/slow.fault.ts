import { send } from '../../http-exchange.js';
import { type TransportBehaviour } from './transport-behaviour.js';

/** Answers as it should, after so many milliseconds. */
export interface SlowFault {
  kind: 'slow';
  delayMs: number;
}

export const slow: TransportBehaviour<SlowFault> = {
  deliver: ({ delayMs }, response, answer) => {
    const timer = setTimeout(() => send(response, answer), delayMs);
    response.once('close', () => clearTimeout(timer));
  },
};
