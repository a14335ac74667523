import type { LedgerRepository, ReserveOutcome } from './ledger.repository.js';
import type { Reservation, ReservationRequest, ReservationState, Stock } from './reservation.js';

/** How much a ledger in memory holds. */
export interface LedgerCapacity {
  readonly skus: number;
  readonly reservations: number;
}

/** Stock and reservations in memory. Each operation runs to its end before another begins. */
export class InMemoryLedgerRepository implements LedgerRepository {
  readonly #free = new Map<string, number>();
  /** Oldest first. */
  readonly #reservations = new Map<string, Reservation>();
  /** Those that are over, oldest first: what a full ledger forgets. */
  readonly #over = new Set<string>();
  /** Orders that wait, by SKU, oldest first. */
  readonly #waiting = new Map<string, Set<string>>();
  /** Orders whose allocation has not been reported, oldest first. */
  readonly #allocated = new Set<string>();
  readonly #reserved = new Map<string, number>();

  /** @param capacity default: 10,000 SKUs and 100,000 reservations */
  constructor(private readonly capacity: LedgerCapacity = { skus: 10_000, reservations: 100_000 }) {}

  async stockOf(sku: string): Promise<Stock | undefined> {
    return this.#stock(sku);
  }

  async restock(sku: string, quantity: number): Promise<Stock | undefined> {
    if (!this.#free.has(sku) && this.#free.size >= this.capacity.skus) return undefined;
    this.#free.set(sku, quantity);
    this.#allocate(sku);
    return this.#stock(sku);
  }

  async reserve(request: ReservationRequest): Promise<ReserveOutcome> {
    const known = this.#reservations.get(request.orderId);
    if (known) return outcomeOf(known, request);
    const free = this.#free.get(request.sku);
    if (free === undefined) return 'sku_unknown';
    if (!this.#makeRoom()) return 'full';
    if (request.quantity > free) {
      this.#put({ ...request, state: 'waiting' });
      return 'waiting';
    }
    this.#free.set(request.sku, free - request.quantity);
    this.#put({ ...request, state: 'reserved' });
    return 'reserved';
  }

  async release(orderId: string): Promise<'released' | 'fulfilled'> {
    const known = this.#reservations.get(orderId);
    if (!known) {
      if (this.#makeRoom()) this.#put({ orderId, sku: '', quantity: 0, state: 'released' });
      return 'released';
    }
    if (known.state === 'fulfilled') return 'fulfilled';
    if (known.state === 'released') return 'released';
    this.#put({ ...known, state: 'released' });
    if (known.state !== 'waiting') {
      this.#free.set(known.sku, (this.#free.get(known.sku) ?? 0) + known.quantity);
      this.#allocate(known.sku);
    }
    return 'released';
  }

  async allocated(limit: number): Promise<readonly Reservation[]> {
    const oldest: Reservation[] = [];
    for (const orderId of this.#allocated) {
      if (oldest.length >= limit) break;
      oldest.push(this.#reservations.get(orderId)!);
    }
    return oldest;
  }

  async fulfil(orderId: string): Promise<void> {
    const known = this.#reservations.get(orderId);
    if (known?.state === 'allocated') this.#put({ ...known, state: 'fulfilled' });
  }

  #stock(sku: string): Stock | undefined {
    const quantity = this.#free.get(sku);
    return quantity === undefined ? undefined : { sku, quantity, reserved: this.#reserved.get(sku) ?? 0 };
  }

  #allocate(sku: string): void {
    for (const orderId of this.#waiting.get(sku) ?? []) {
      const waiting = this.#reservations.get(orderId)!;
      const free = this.#free.get(sku)!;
      if (free === 0) return;
      if (waiting.quantity > free) continue;
      this.#free.set(sku, free - waiting.quantity);
      this.#put({ ...waiting, state: 'allocated' });
    }
  }

  /** Keeps a reservation in its new state, and every index with it. */
  #put(reservation: Reservation): void {
    const before = this.#reservations.get(reservation.orderId);
    if (before) this.#index(before, false);
    this.#reservations.set(reservation.orderId, reservation);
    this.#index(reservation, true);
  }

  #index({ orderId, sku, quantity, state }: Reservation, present: boolean): void {
    if (holds(state))
      this.#reserved.set(sku, (this.#reserved.get(sku) ?? 0) + (present ? quantity : -quantity));
    if (state === 'waiting') this.#indexWaiting(sku, orderId, present);
    if (state === 'allocated') toggle(this.#allocated, orderId, present);
    if (state === 'fulfilled' || state === 'released') toggle(this.#over, orderId, present);
  }

  #indexWaiting(sku: string, orderId: string, present: boolean): void {
    const waiting = this.#waiting.get(sku) ?? new Set();
    toggle(waiting, orderId, present);
    if (waiting.size > 0) this.#waiting.set(sku, waiting);
    else this.#waiting.delete(sku);
  }

  #makeRoom(): boolean {
    if (this.#reservations.size < this.capacity.reservations) return true;
    const [oldest] = this.#over;
    if (oldest === undefined) return false;
    this.#over.delete(oldest);
    return this.#reservations.delete(oldest);
  }
}

const holds = (state: ReservationState): boolean => state === 'reserved' || state === 'allocated';

function toggle(set: Set<string>, item: string, present: boolean): void {
  if (present) set.add(item);
  else set.delete(item);
}

function outcomeOf(known: Reservation, request: ReservationRequest): ReserveOutcome {
  if (known.state === 'released') return 'released';
  if (known.sku !== request.sku || known.quantity !== request.quantity) return 'conflict';
  return known.state === 'waiting' ? 'waiting' : 'reserved';
}
