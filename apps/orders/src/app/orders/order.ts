/**
 * Where an order stands. Two states are never shown: `placing`, while inventory is being asked, and `cancelling`, while
 * inventory has not yet confirmed the release of a cancelled order.
 */
export type OrderState = 'placing' | 'reserved' | 'backordered' | 'fulfilled' | 'cancelling' | 'cancelled';

/** An order as it is kept. */
export interface Order {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly state: OrderState;
}
