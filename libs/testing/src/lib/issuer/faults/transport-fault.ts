import { type ServerResponse } from 'node:http';
import { type Answer } from '../http-exchange.js';
import { disconnect, type DisconnectFault } from './transport/disconnect.fault.js';
import { drip, type DripFault } from './transport/drip.fault.js';
import { hang, type HangFault } from './transport/hang.fault.js';
import { html, type HtmlFault } from './transport/html.fault.js';
import { huge, type HugeFault } from './transport/huge.fault.js';
import { jsonBody, type JsonFault } from './transport/json.fault.js';
import { notJson, type NotJsonFault } from './transport/not-json.fault.js';
import { rateLimited, type RateLimitedFault } from './transport/rate-limited.fault.js';
import { redirect, type RedirectFault } from './transport/redirect.fault.js';
import { slow, type SlowFault } from './transport/slow.fault.js';
import { status, type StatusFault } from './transport/status.fault.js';
import { truncated, type TruncatedFault } from './transport/truncated.fault.js';
import { type TransportBehaviour } from './transport/transport-behaviour.js';

/** Faults that any endpoint can show. */
export type TransportFault =
  | StatusFault
  | RateLimitedFault
  | HangFault
  | SlowFault
  | DripFault
  | TruncatedFault
  | DisconnectFault
  | HtmlFault
  | NotJsonFault
  | HugeFault
  | RedirectFault
  | JsonFault;

const behaviours: {
  readonly [K in TransportFault['kind']]: TransportBehaviour<Extract<TransportFault, { kind: K }>>;
} = {
  status,
  'rate-limited': rateLimited,
  hang,
  slow,
  drip,
  truncated,
  disconnect,
  html,
  'not-json': notJson,
  huge,
  redirect,
  json: jsonBody,
};

/** Whether a fault is one that any endpoint can show. */
export function isTransportFault(fault: { readonly kind: string } | undefined): fault is TransportFault {
  return fault !== undefined && Object.hasOwn(behaviours, fault.kind);
}

/** What a fault needs to spoil an answer. */
export interface SpoiltExchange {
  readonly response: ServerResponse;
  /** The address that a redirect points at by default: one that answers correctly. */
  readonly detour: string;
  /** Makes the right answer. */
  readonly rightAnswer: () => Promise<Answer>;
}

/** Answers as the fault says. The right answer is made only where the fault carries it in some form. */
export async function answerFaultily(fault: TransportFault, exchange: SpoiltExchange): Promise<void> {
  const behaviour = behaviours[fault.kind] as TransportBehaviour<TransportFault>;
  if ('instead' in behaviour) return behaviour.instead(fault, exchange.response, exchange.detour);
  behaviour.deliver(fault, exchange.response, await exchange.rightAnswer());
}
