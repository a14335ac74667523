import { type JwksFault } from './jwks-fault.js';
import { type TokenFault } from './token-fault.js';
import { type TransportFault } from './transport-fault.js';

/** The endpoints of the loopback issuer that can be made to fail. */
export type Endpoint = 'discovery' | 'jwks' | 'token';

/** What an endpoint can be told to do. */
export interface Faults {
  discovery: TransportFault;
  jwks: TransportFault | JwksFault;
  token: TransportFault | TokenFault;
}

/** Any fault. */
export type Fault = Faults[Endpoint];
