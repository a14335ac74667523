import { z } from 'zod';
import type { Order } from './order.js';

/** A stock-keeping unit. */
export const skuSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be 1 to 64 letters, digits, dots, underscores or hyphens',
  );

/** What `POST /orders` takes. */
export const newOrderSchema = z.strictObject({ sku: skuSchema, quantity: z.int().min(1).max(1_000_000) });
export type NewOrder = z.infer<typeof newOrderSchema>;

/** The id in the path of an order. */
export const orderIdSchema = z.uuid('the id of an order is a UUID').toLowerCase();

/** What `GET /orders` takes in its query. */
export const ordersQuerySchema = z.strictObject({
  after: orderIdSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type OrdersQuery = z.infer<typeof ordersQuerySchema>;

/** An order as it is answered. */
export const orderSchema = z.object({
  id: z.uuid(),
  sku: z.string(),
  quantity: z.int(),
  status: z.enum(['reserved', 'backordered', 'fulfilled', 'cancelled']),
});
export type OrderView = z.infer<typeof orderSchema>;

/** A page of orders, oldest first; `next` is the `after` of the page that follows. */
export const ordersPageSchema = z.object({ orders: z.array(orderSchema), next: z.uuid().optional() });
export type OrdersPageView = z.infer<typeof ordersPageSchema>;

/** An order as it is answered; `undefined` while it is still being placed. */
export function viewOf({ id, sku, quantity, state }: Order): OrderView | undefined {
  if (state === 'placing') return undefined;
  return { id, sku, quantity, status: state === 'cancelling' ? 'cancelled' : state };
}
