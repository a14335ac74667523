import { type ServerResponse } from 'node:http';
import { type Answer } from '../../http-exchange.js';

/** How a fault of the transport shows: in place of the right answer, or in how that one is delivered. */
export type TransportBehaviour<F> =
  | { readonly instead: (fault: F, response: ServerResponse, detour: string) => void }
  | { readonly deliver: (fault: F, response: ServerResponse, answer: Answer) => void };
