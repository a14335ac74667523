import { send } from '../../http-exchange.js';
import { type TransportBehaviour } from './transport-behaviour.js';

/** 200 with a body that is not JSON, announced as JSON. */
export interface NotJsonFault {
  kind: 'not-json';
}

export const notJson: TransportBehaviour<NotJsonFault> = {
  instead: (_fault, response) =>
    send(response, { status: 200, headers: { 'content-type': 'application/json' }, body: '{"keys": [' }),
};
