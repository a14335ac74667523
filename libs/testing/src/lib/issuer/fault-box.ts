import { type Endpoint, type Faults, type JwksFault, type TokenFault, type TransportFault } from './fault.js';

interface Armed<F> {
  readonly fault: F;
  left: number;
}

/** Which fault each endpoint shows, and for how many requests more. */
export class FaultBox {
  readonly #armed: { [E in Endpoint]?: Armed<Faults[E]> } = {};

  arm<E extends Endpoint>(endpoint: E, fault: Faults[E], times: number): void {
    const armed: { [E in Endpoint]?: Armed<Faults[E]> } = this.#armed;
    (armed as Record<E, Armed<Faults[E]>>)[endpoint] = { fault, left: times };
  }

  disarm(endpoint?: Endpoint): void {
    for (const name of endpoint ? [endpoint] : (['discovery', 'jwks', 'token'] as const))
      delete this.#armed[name];
  }

  /** The fault of this request; counts it. */
  take<E extends Endpoint>(endpoint: E): Faults[E] | undefined {
    const armed = this.#armed[endpoint];
    if (!armed || armed.left <= 0) return undefined;
    armed.left -= 1;
    return armed.fault;
  }
}

const tokenKinds = new Set<string>([
  'oauth-error',
  'same-token',
  'expires-in',
  'skew',
  'scope',
  'token-type',
  'no-token',
  'dpop-nonce',
] satisfies TokenFault['kind'][]);
const jwksKinds = new Set<string>(['empty-set', 'keys'] satisfies JwksFault['kind'][]);

/** Whether a fault is one of the token endpoint's own. */
export function isTokenFault(fault: Faults[Endpoint] | undefined): fault is TokenFault {
  return fault !== undefined && tokenKinds.has(fault.kind);
}

/** Whether a fault is one of the key-set endpoint's own. */
export function isJwksFault(fault: Faults[Endpoint] | undefined): fault is JwksFault {
  return fault !== undefined && jwksKinds.has(fault.kind);
}

/** Whether a fault spoils the answer on its way out. */
export function isTransportFault(fault: Faults[Endpoint] | undefined): fault is TransportFault {
  return fault !== undefined && !tokenKinds.has(fault.kind) && !jwksKinds.has(fault.kind);
}
