import { outgoingHeaders, ServiceException } from '@countersign/bootstrap';
import { InventoryApi, type InventoryCallOptions } from '@countersign/inventory-client';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { failedCall } from './failed-call.js';
import { InventoryUnavailableException } from './inventory-unavailable.exception.js';

/** How long inventory may take to answer, the wait for a token included, in milliseconds. */
const deadline = 3_000;
const largestAnswer = 65_536;

/** What an order needs. */
export interface ReservationRequest {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

/** What orders needs of the inventory service. */
@Injectable()
export class InventoryClient {
  constructor(private readonly inventory: InventoryApi) {}

  /**
   * Reserves stock for an order. Asking again for the same order is fine.
   *
   * @returns `backordered` where there is too little: inventory then reserves it after a restock
   * @throws ServiceException 404 `sku_unknown`
   * @throws InventoryUnavailableException 503 `inventory_unavailable`
   */
  async reserve(request: ReservationRequest): Promise<'reserved' | 'backordered'> {
    const answer = z.object({ orderId: z.literal(request.orderId), status: z.literal('reserved') });
    try {
      const reservation = await this.inventory.reservations.reserve(request, options());
      if (!answer.safeParse(reservation).success)
        throw new InventoryUnavailableException(true, unexpected('reservation'));
      return 'reserved';
    } catch (error) {
      const { status, code } = failedCall(error);
      if (status === 409 && code === 'insufficient_stock') return 'backordered';
      if (status === 404 && code === 'sku_unknown') {
        throw new ServiceException(404, 'sku_unknown', `There is no SKU ${request.sku}.`);
      }
      throw unavailable(error);
    }
  }

  /**
   * Releases what was reserved for an order. Releasing it again, or what was never reserved, is fine.
   *
   * @throws InventoryUnavailableException 503 `inventory_unavailable`
   */
  async release(orderId: string): Promise<void> {
    try {
      const nothing: unknown = await this.inventory.reservations.release(orderId, options());
      if (nothing !== '') throw new InventoryUnavailableException(true, unexpected('release'));
    } catch (error) {
      throw unavailable(error);
    }
  }
}

const options = (): InventoryCallOptions => ({
  timeout: deadline,
  maxContentLength: largestAnswer,
  headers: outgoingHeaders(),
});

const unexpected = (what: string) => new Error(`Inventory's answer to a ${what} is not what it promises.`);

function unavailable(error: unknown): InventoryUnavailableException {
  if (error instanceof InventoryUnavailableException) return error;
  return new InventoryUnavailableException(failedCall(error).mayHaveBeenDone, error);
}
