import { z } from 'zod';

/** A stock-keeping unit. */
export const skuSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'a SKU is 1 to 64 letters, digits, dots, underscores or hyphens',
  );

/** What `PUT /stock/:sku` takes: how much of the SKU is free from now on. */
export const newStockSchema = z.strictObject({ quantity: z.int().min(0).max(1_000_000) });
export type NewStock = z.infer<typeof newStockSchema>;

/** The stock of a SKU as it is answered: how much is free, and how much is reserved and not yet fulfilled. */
export const stockSchema = z.object({ sku: z.string(), quantity: z.int(), reserved: z.int() });
export type StockView = z.infer<typeof stockSchema>;
