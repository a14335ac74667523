import { type TransportBehaviour } from './transport-behaviour.js';

/** Takes the request and never answers, until the client gives up or the issuer closes. */
export interface HangFault {
  kind: 'hang';
}

export const hang: TransportBehaviour<HangFault> = { instead: () => undefined };
