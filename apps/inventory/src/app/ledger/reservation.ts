/**
 * Where a reservation stands: `waiting` for a restock, `reserved` at once, `allocated` by a restock and not yet reported
 * as fulfilled, `fulfilled`, or `released`.
 */
export type ReservationState = 'waiting' | 'reserved' | 'allocated' | 'fulfilled' | 'released';

/** What an order asks for. */
export interface ReservationRequest {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

/** What an order asked for, and what became of it. */
export interface Reservation extends ReservationRequest {
  readonly state: ReservationState;
}

/** The stock of a SKU. */
export interface Stock {
  readonly sku: string;
  /** How much is free to be reserved. */
  readonly quantity: number;
  /** How much is reserved and not yet fulfilled. */
  readonly reserved: number;
}
