import { z } from 'zod';
import { skuSchema } from '../stock/stock.schema.js';

/** The id of an order, which names its reservation. */
export const orderIdSchema = z.uuid('the id of an order is a UUID').toLowerCase();

/** What `POST /reservations` takes. */
export const newReservationSchema = z.strictObject({
  orderId: orderIdSchema,
  sku: skuSchema,
  quantity: z.int().min(1).max(1_000_000),
});
export type NewReservation = z.infer<typeof newReservationSchema>;

/** A reservation as it is answered. */
export const reservationSchema = z.object({
  orderId: z.uuid(),
  sku: z.string(),
  quantity: z.int(),
  status: z.literal('reserved'),
});
export type ReservationView = z.infer<typeof reservationSchema>;
