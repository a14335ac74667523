import { json, send } from '../../http-exchange.js';
import { type TransportBehaviour } from './transport-behaviour.js';

/** 200 with this JSON body in place of the right one. */
export interface JsonFault {
  kind: 'json';
  body: unknown;
}

export const jsonBody: TransportBehaviour<JsonFault> = {
  instead: ({ body }, response) => send(response, json(200, body)),
};
