import type { Reservation, ReservationRequest, Stock } from './reservation.js';

/**
 * What became of a request to reserve:
 * `reserved` now or earlier, `waiting` for a restock, `conflict` with another content under the same order,
 * `released` before, `sku_unknown`, or `full` where there is no room for another reservation.
 */
export type ReserveOutcome = 'reserved' | 'waiting' | 'conflict' | 'released' | 'sku_unknown' | 'full';

/**
 * Where stock and reservations are kept. Each operation is atomic, so that stock is never promised twice, however many
 * callers there are.
 */
export interface LedgerRepository {
  /** The stock of a SKU; `undefined` where there never was any. */
  stockOf(sku: string): Promise<Stock | undefined>;

  /**
   * Sets how much of a SKU is free, and allocates it to the orders that wait for it, oldest first; one that needs more
   * than is left is passed over.
   *
   * @returns `undefined` where there is no room for another SKU
   */
  restock(sku: string, quantity: number): Promise<Stock | undefined>;

  /** Reserves stock for an order, or lets the order wait for a restock. The same request again has the same outcome. */
  reserve(request: ReservationRequest): Promise<ReserveOutcome>;

  /**
   * Releases what an order reserved or waits for; what becomes free is allocated to the orders that wait for it. An
   * order that nothing is known of is remembered as released, so that a request to reserve that comes late finds that.
   *
   * @returns `fulfilled` where the order has been fulfilled and nothing was released
   */
  release(orderId: string): Promise<'released' | 'fulfilled'>;

  /** The oldest allocations that have not been reported as fulfilled. */
  allocated(limit: number): Promise<readonly Reservation[]>;

  /** Marks an allocation as fulfilled; nothing happens where it is no longer one. */
  fulfil(orderId: string): Promise<void>;
}

/** Injection token of the {@link LedgerRepository}. */
export const ledgerRepository = Symbol('LedgerRepository');
