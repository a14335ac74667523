import { randomUUID } from 'node:crypto';
import { ServiceException } from '@countersign/bootstrap';
import { Inject, Injectable } from '@nestjs/common';
import { InventoryClient } from '../inventory/inventory.client.js';
import { InventoryUnavailableException } from '../inventory/inventory-unavailable.exception.js';
import type { Order } from './order.js';
import { ordersRepository, type OrdersRepository } from './orders.repository.js';
import {
  viewOf,
  type NewOrder,
  type OrdersPageView,
  type OrdersQuery,
  type OrderView,
} from './orders.schema.js';
import { PendingReleases } from './pending-releases.js';

/**
 * The life of an order. It is kept before inventory is asked, so that a fulfilment that overtakes the answer finds it,
 * and forgotten where inventory does not take it.
 */
@Injectable()
export class OrdersService {
  constructor(
    @Inject(ordersRepository) private readonly orders: OrdersRepository,
    private readonly inventory: InventoryClient,
    private readonly releases: PendingReleases,
  ) {}

  /**
   * Places an order and reserves what it needs.
   *
   * @throws ServiceException 404 `sku_unknown`, 503 `orders_full`
   * @throws InventoryUnavailableException 503 `inventory_unavailable`; no order is kept, and whatever inventory may have
   * reserved without our hearing of it is released
   */
  async place({ sku, quantity }: NewOrder): Promise<OrderView> {
    const order: Order = { id: randomUUID(), sku, quantity, state: 'placing' };
    if (!(await this.orders.add(order))) {
      throw new ServiceException(503, 'orders_full', 'There is no room for another order.');
    }
    try {
      const state = await this.inventory.reserve({ orderId: order.id, sku, quantity });
      await this.orders.transition(order.id, ['placing'], state);
    } catch (error) {
      const dropped = await this.orders.remove(order.id, 'placing');
      if (dropped && error instanceof InventoryUnavailableException && error.mayHaveBeenDone) {
        this.releases.add(order.id);
      }
      if (dropped) throw error;
    }
    return this.find(order.id);
  }

  /** A page of the orders, oldest first. */
  async list({ after, limit }: OrdersQuery): Promise<OrdersPageView> {
    const { orders, more } = await this.orders.page({ after, limit });
    const last = orders.at(-1);
    return {
      orders: orders.map(viewOf).filter((view) => view !== undefined),
      ...(more && last && { next: last.id }),
    };
  }

  /** @throws ServiceException 404 `order_unknown` */
  async find(id: string): Promise<OrderView> {
    const order = await this.orders.find(id);
    const view = order && viewOf(order);
    if (!view) throw unknownOrder(id);
    return view;
  }

  /**
   * Cancels an order and releases what it reserved. Cancelling a cancelled order again is fine; where inventory has not
   * confirmed the release, it is asked again.
   *
   * @throws ServiceException 404 `order_unknown`, 409 `order_fulfilled`
   * @throws InventoryUnavailableException 503 `inventory_unavailable`; the order is cancelled, and the release follows
   */
  async cancel(id: string): Promise<void> {
    const cancelling = await this.orders.transition(
      id,
      ['reserved', 'backordered', 'cancelling'],
      'cancelling',
    );
    if (!cancelling) {
      const { status } = await this.find(id);
      if (status === 'cancelled') return;
      throw new ServiceException(409, 'order_fulfilled', 'A fulfilled order cannot be cancelled.');
    }
    try {
      await this.inventory.release(id);
    } catch (error) {
      this.releases.add(id);
      throw error;
    }
    await this.orders.transition(id, ['cancelling'], 'cancelled');
  }

  /**
   * Marks an order as fulfilled. Reporting it again is fine.
   *
   * @throws ServiceException 404 `order_unknown`, 409 `order_cancelled`
   */
  async fulfil(id: string): Promise<OrderView> {
    await this.orders.transition(id, ['placing', 'reserved', 'backordered'], 'fulfilled');
    const order = await this.find(id);
    if (order.status === 'fulfilled') return order;
    throw new ServiceException(409, 'order_cancelled', 'The order has been cancelled.');
  }
}

const unknownOrder = (id: string) => new ServiceException(404, 'order_unknown', `There is no order ${id}.`);
