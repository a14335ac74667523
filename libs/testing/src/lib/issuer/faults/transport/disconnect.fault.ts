import { type TransportBehaviour } from './transport-behaviour.js';

/** Closes the connection without an answer. */
export interface DisconnectFault {
  kind: 'disconnect';
}

export const disconnect: TransportBehaviour<DisconnectFault> = {
  instead: (_fault, response) => void response.destroy(),
};
