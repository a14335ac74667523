import type { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { InjectM2m } from '@countersign/m2m';
import { firstValueFrom } from 'rxjs';
import { z } from 'zod';

const stockSchema = z.object({ sku: z.string(), quantity: z.number() });

/** The stock of a SKU as the inventory service answers it. */
export type Stock = z.infer<typeof stockSchema>;

/** What the storefront needs of the inventory service. */
@Injectable()
export class InventoryClient {
  constructor(@InjectM2m('inventory') private readonly http: HttpService) {}

  /** Reads the stock of a SKU. */
  async stockOf(sku: string): Promise<Stock> {
    const { data } = await firstValueFrom(this.http.get<unknown>(`/stock/${encodeURIComponent(sku)}`));
    return stockSchema.parse(data);
  }

  /** Sets the stock of a SKU. */
  async restock(sku: string, quantity: number): Promise<Stock> {
    const { data } = await firstValueFrom(
      this.http.put<unknown>(`/stock/${encodeURIComponent(sku)}`, { quantity }),
    );
    return stockSchema.parse(data);
  }

  /** Reserves stock, which only the orders service is granted: the storefront's token has no scope for it. */
  async reserve(orderId: string, sku: string, quantity: number): Promise<void> {
    await firstValueFrom(this.http.post('/reservations', { orderId, sku, quantity }));
  }
}
