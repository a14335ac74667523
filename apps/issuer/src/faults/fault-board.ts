import { randomId } from '../store/identifiers.js';
import type { Fault } from './fault.js';

/** The most faults at once. */
const maxFaults = 50;

/** A fault that is on. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** Requests that it will still meet; `undefined` where it meets all. */
  readonly left: number | undefined;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

/** The faults that are on, in memory: a restart ends them all. */
export class FaultBoard {
  #active: readonly ActiveFault[] = [];

  /** @param exempt the client that ends faults: it meets those alone that name it */
  constructor(private readonly exempt: string) {}

  /** @returns `undefined` where there are too many */
  add(fault: Fault): ActiveFault | undefined {
    if (this.list().length >= maxFaults) return undefined;
    const active = {
      id: `flt_${randomId(12)}`,
      fault,
      left: fault.times,
      endsAt: Date.now() + fault.seconds * 1_000,
    };
    this.#active = [...this.#active, active];
    return active;
  }

  list(): readonly ActiveFault[] {
    const now = Date.now();
    this.#active = this.#active.filter(({ left, endsAt }) => endsAt > now && left !== 0);
    return this.#active;
  }

  #concerns({ client_id }: Fault, clientId: string | undefined): boolean {
    return client_id === undefined ? clientId !== this.exempt : client_id === clientId;
  }

  /** Ends one fault, or all. */
  remove(id?: string): void {
    this.#active = id === undefined ? [] : this.#active.filter((active) => active.id !== id);
  }

  /**
   * The faults that a request meets. Each one that counts its requests counts this one.
   *
   * @param clientId as the request claims it
   */
  meet(endpoint: 'token' | 'jwks', clientId?: string): readonly Fault[] {
    const met = this.list().filter(
      ({ fault }) => endpointOf(fault) === endpoint && this.#concerns(fault, clientId),
    );
    if (met.length === 0) return [];
    this.#active = this.#active.map((active) =>
      met.includes(active) && active.left !== undefined ? { ...active, left: active.left - 1 } : active,
    );
    return met.map(({ fault }) => fault);
  }
}

function endpointOf(fault: Fault): 'token' | 'jwks' {
  if (fault.kind === 'broken-jwks') return 'jwks';
  return 'endpoint' in fault ? fault.endpoint : 'token';
}
