import { ServiceException } from '@countersign/bootstrap';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InventoryClient } from '../inventory/inventory.client.js';
import { InventoryUnavailableException } from '../inventory/inventory-unavailable.exception.js';
import { InMemoryOrdersRepository } from './in-memory-orders.repository.js';
import { OrdersService } from './orders.service.js';
import { PendingReleases } from './pending-releases.js';

const wanted = { sku: 'ABC-1', quantity: 2 };
const unavailable = (mayHaveBeenDone: boolean) =>
  new InventoryUnavailableException(mayHaveBeenDone, new Error('down'));

describe('OrdersService', () => {
  const reserve = vi.fn<InventoryClient['reserve']>();
  const release = vi.fn<InventoryClient['release']>();
  let repository: InMemoryOrdersRepository;
  let releases: PendingReleases;
  let orders: OrdersService;

  beforeEach(() => {
    vi.useFakeTimers();
    Logger.overrideLogger(false);
    reserve.mockReset().mockResolvedValue('reserved');
    release.mockReset().mockResolvedValue();
    const inventory = { reserve, release } as unknown as InventoryClient;
    repository = new InMemoryOrdersRepository();
    releases = new PendingReleases(inventory, repository);
    orders = new OrdersService(repository, inventory, releases);
  });

  afterEach(() => {
    releases.onModuleDestroy();
    vi.useRealTimers();
  });

  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'none',
      (error: unknown) => (error instanceof ServiceException ? error.code : error),
    );
  const kept = async () => (await orders.list({ limit: 100 })).orders;

  describe('place', () => {
    it.each(['reserved', 'backordered'] as const)(
      'keeps an order that inventory answers is %s',
      async (status) => {
        reserve.mockResolvedValue(status);
        const order = await orders.place(wanted);
        expect(order).toEqual({ id: expect.any(String) as string, ...wanted, status });
        expect(reserve).toHaveBeenCalledExactlyOnceWith({ orderId: order.id, ...wanted });
        expect(await orders.find(order.id)).toEqual(order);
      },
    );

    it('keeps no order of an unknown SKU', async () => {
      reserve.mockRejectedValue(new ServiceException(404, 'sku_unknown', 'There is no such SKU.'));
      expect(await codeOf(orders.place(wanted))).toBe('sku_unknown');
      expect(await kept()).toEqual([]);
      expect(releases.size).toBe(0);
    });

    it('keeps no order where inventory was never reached', async () => {
      reserve.mockRejectedValue(unavailable(false));
      expect(await codeOf(orders.place(wanted))).toBe('inventory_unavailable');
      expect(await kept()).toEqual([]);
      expect(releases.size).toBe(0);
    });

    it('releases in the background what inventory may have reserved although its answer was lost', async () => {
      reserve.mockRejectedValue(unavailable(true));
      release.mockRejectedValueOnce(unavailable(true));
      expect(await codeOf(orders.place(wanted))).toBe('inventory_unavailable');
      expect(await kept()).toEqual([]);
      const { orderId } = reserve.mock.calls[0]![0];
      await vi.advanceTimersByTimeAsync(1_000);
      expect(release).toHaveBeenCalledExactlyOnceWith(orderId);
      expect(releases.size).toBe(1);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(release).toHaveBeenCalledTimes(2);
      expect(releases.size).toBe(0);
    });

    it('gives a release up after twelve attempts', async () => {
      reserve.mockRejectedValue(unavailable(true));
      release.mockRejectedValue(unavailable(false));
      await codeOf(orders.place(wanted));
      await vi.advanceTimersByTimeAsync(24 * 3_600_000);
      expect(release).toHaveBeenCalledTimes(12);
      expect(releases.size).toBe(0);
    });

    it('finds an order that is fulfilled before its reservation is answered', async () => {
      reserve.mockImplementation(async ({ orderId }) => {
        await orders.fulfil(orderId);
        return 'backordered';
      });
      expect(await orders.place(wanted)).toMatchObject({ status: 'fulfilled' });
    });

    it('keeps an order that is fulfilled although the answer to its reservation was lost', async () => {
      reserve.mockImplementation(async ({ orderId }) => {
        await orders.fulfil(orderId);
        throw unavailable(true);
      });
      expect(await orders.place(wanted)).toMatchObject({ status: 'fulfilled' });
      expect(releases.size).toBe(0);
    });

    it('shows no order that is still being placed', async () => {
      let seen: unknown;
      reserve.mockImplementation(async ({ orderId }) => {
        seen = [await kept(), await codeOf(orders.find(orderId)), await codeOf(orders.cancel(orderId))];
        return 'reserved';
      });
      await orders.place(wanted);
      expect(seen).toEqual([[], 'order_unknown', 'order_unknown']);
    });

    it('refuses where there is no room', async () => {
      orders = new OrdersService(
        new InMemoryOrdersRepository({ orders: 1 }),
        { reserve, release } as unknown as InventoryClient,
        releases,
      );
      await orders.place(wanted);
      expect(await codeOf(orders.place(wanted))).toBe('orders_full');
      expect(reserve).toHaveBeenCalledTimes(1);
    });
  });

  describe('cancel', () => {
    it('releases and is done; again is fine and releases nothing more', async () => {
      const { id } = await orders.place(wanted);
      await orders.cancel(id);
      await orders.cancel(id);
      expect(release).toHaveBeenCalledExactlyOnceWith(id);
      expect(await orders.find(id)).toMatchObject({ status: 'cancelled' });
    });

    it('knows no order of that id', async () => {
      expect(await codeOf(orders.cancel('unknown'))).toBe('order_unknown');
    });

    it('refuses a fulfilled order', async () => {
      const { id } = await orders.place(wanted);
      await orders.fulfil(id);
      expect(await codeOf(orders.cancel(id))).toBe('order_fulfilled');
      expect(release).not.toHaveBeenCalled();
    });

    it('cancels although inventory is away, says so, and releases when asked again', async () => {
      const { id } = await orders.place(wanted);
      release.mockRejectedValueOnce(unavailable(false));
      expect(await codeOf(orders.cancel(id))).toBe('inventory_unavailable');
      expect(await orders.find(id)).toMatchObject({ status: 'cancelled' });
      await orders.cancel(id);
      expect(release).toHaveBeenCalledTimes(2);
      await orders.cancel(id);
      expect(release).toHaveBeenCalledTimes(2);
    });

    it('releases by itself when inventory is back', async () => {
      const { id } = await orders.place(wanted);
      release.mockRejectedValueOnce(unavailable(false));
      await codeOf(orders.cancel(id));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(release).toHaveBeenCalledTimes(2);
      expect((await repository.find(id))?.state).toBe('cancelled');
    });

    it('loses or wins against a fulfilment, and never both', async () => {
      const { id } = await orders.place(wanted);
      const [cancelled, fulfilled] = await Promise.all([
        codeOf(orders.cancel(id)),
        codeOf(orders.fulfil(id)),
      ]);
      expect([cancelled, fulfilled]).toEqual(['none', 'order_cancelled']);
      const other = (await orders.place(wanted)).id;
      const [fulfilledFirst, cancelledThen] = await Promise.all([
        codeOf(orders.fulfil(other)),
        codeOf(orders.cancel(other)),
      ]);
      expect([fulfilledFirst, cancelledThen]).toEqual(['none', 'order_fulfilled']);
    });
  });

  describe('fulfil', () => {
    it('fulfils once; again is fine', async () => {
      const { id } = await orders.place(wanted);
      expect(await orders.fulfil(id)).toMatchObject({ id, status: 'fulfilled' });
      expect(await orders.fulfil(id)).toMatchObject({ id, status: 'fulfilled' });
    });

    it('refuses a cancelled order and knows no other', async () => {
      const { id } = await orders.place(wanted);
      await orders.cancel(id);
      expect(await codeOf(orders.fulfil(id))).toBe('order_cancelled');
      expect(await codeOf(orders.fulfil('unknown'))).toBe('order_unknown');
    });
  });

  it('lists page by page', async () => {
    const ids = [];
    for (let count = 0; count < 5; count++) ids.push((await orders.place(wanted)).id);
    const first = await orders.list({ limit: 3 });
    expect(first.orders.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect(first.next).toBe(ids[2]);
    const second = await orders.list({ limit: 3, after: first.next });
    expect(second).toEqual({
      orders: [expect.objectContaining({ id: ids[3] }), expect.objectContaining({ id: ids[4] })],
    });
  });
});
