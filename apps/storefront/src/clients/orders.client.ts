import type { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { InjectM2m } from '@countersign/m2m';
import { firstValueFrom } from 'rxjs';
import { z } from 'zod';

const orderSchema = z.object({
  id: z.string(),
  sku: z.string(),
  quantity: z.number(),
  status: z.enum(['reserved', 'backordered', 'fulfilled', 'cancelled']),
});

/** An order as the orders service answers it. */
export type Order = z.infer<typeof orderSchema>;

/** What the storefront needs of the orders service. */
@Injectable()
export class OrdersClient {
  constructor(@InjectM2m('orders') private readonly http: HttpService) {}

  /** Places an order. */
  async place(sku: string, quantity: number): Promise<Order> {
    const { data } = await firstValueFrom(this.http.post<unknown>('/orders', { sku, quantity }));
    return orderSchema.parse(data);
  }

  /** Reads an order. */
  async find(id: string): Promise<Order> {
    const { data } = await firstValueFrom(this.http.get<unknown>(`/orders/${encodeURIComponent(id)}`));
    return orderSchema.parse(data);
  }
}
