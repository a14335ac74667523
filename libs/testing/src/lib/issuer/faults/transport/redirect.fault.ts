import { send } from '../../http-exchange.js';
import { type TransportBehaviour } from './transport-behaviour.js';

/** A redirect. */
export interface RedirectFault {
  kind: 'redirect';
  /** Default 302. */
  status?: 301 | 302 | 303 | 307 | 308;
  /** Default: another address of the issuer, which would answer correctly. */
  location?: string;
}

export const redirect: TransportBehaviour<RedirectFault> = {
  instead: ({ status = 302, location }, response, detour) =>
    send(response, { status, headers: { location: location ?? detour }, body: '' }),
};
