import { send } from '../../http-exchange.js';
import { type TransportBehaviour } from './transport-behaviour.js';

/** An HTML page, as a captive portal or a proxy sends it. */
export interface HtmlFault {
  kind: 'html';
  /** Default 200. */
  status?: number;
}

const page = '<!doctype html><html><head><title>Welcome</title></head><body>Please sign in.</body></html>';

export const html: TransportBehaviour<HtmlFault> = {
  instead: ({ status = 200 }, response) =>
    send(response, { status, headers: { 'content-type': 'text/html' }, body: page }),
};
