import { type Endpoint, type Faults } from './fault.js';

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
