import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryLedgerRepository } from '../ledger/in-memory-ledger.repository.js';
import type { OrdersClient } from '../orders/orders.client.js';
import { FulfilmentsService } from './fulfilments.service.js';

const sku = 'ABC-1';

describe('FulfilmentsService', () => {
  const fulfil = vi.fn<OrdersClient['fulfil']>();
  let ledger: InMemoryLedgerRepository;
  let fulfilments: FulfilmentsService;

  beforeEach(async () => {
    vi.useFakeTimers();
    Logger.overrideLogger(false);
    fulfil.mockReset().mockResolvedValue('fulfilled');
    ledger = new InMemoryLedgerRepository();
    fulfilments = new FulfilmentsService(ledger, { fulfil } as unknown as OrdersClient);
    await ledger.restock(sku, 0);
  });

  afterEach(async () => {
    await fulfilments.onModuleDestroy();
    vi.useRealTimers();
  });

  const wait = (...orderIds: string[]) =>
    Promise.all(orderIds.map((orderId) => ledger.reserve({ orderId, sku, quantity: 1 })));
  const reported = () => fulfil.mock.calls.map(([orderId]) => orderId);

  it('reports every allocation once, oldest first', async () => {
    await wait('a', 'b', 'c');
    await ledger.restock(sku, 3);
    fulfilments.report();
    fulfilments.report();
    await fulfilments.settled();
    expect(reported()).toEqual(['a', 'b', 'c']);
    expect(await ledger.allocated(9)).toEqual([]);
    expect(await ledger.release('a')).toBe('fulfilled');
  });

  it('reports nothing where nothing is allocated', async () => {
    await wait('a');
    fulfilments.report();
    await fulfilments.settled();
    expect(fulfil).not.toHaveBeenCalled();
  });

  it('releases what orders refuses, for the next in line', async () => {
    fulfil.mockImplementation(async (orderId) => (orderId === 'a' ? 'refused' : 'fulfilled'));
    await wait('a', 'b');
    await ledger.restock(sku, 1);
    fulfilments.report();
    await fulfilments.settled();
    expect(reported()).toEqual(['a', 'b']);
    expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 0, reserved: 0 });
  });

  it('keeps what cannot be reported and tries again by itself', async () => {
    fulfil.mockRejectedValueOnce(new Error('orders is down'));
    await wait('a');
    await ledger.restock(sku, 1);
    fulfilments.report();
    await fulfilments.settled();
    expect(await ledger.allocated(9)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(999);
    expect(fulfil).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    await fulfilments.settled();
    expect(fulfil).toHaveBeenCalledTimes(2);
    expect(await ledger.allocated(9)).toEqual([]);
  });

  it('tries ever more seldom, gives up after a while, and begins anew at the next restock', async () => {
    fulfil.mockRejectedValue(new Error('orders is down'));
    await wait('a');
    await ledger.restock(sku, 1);
    fulfilments.report();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fulfil.mock.calls.length).toBeLessThanOrEqual(8);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(fulfil).toHaveBeenCalledTimes(21);
    fulfil.mockResolvedValue('fulfilled');
    fulfilments.report();
    await fulfilments.settled();
    expect(await ledger.allocated(9)).toEqual([]);
  });

  it('reports a few at a time', async () => {
    let running = 0;
    let most = 0;
    fulfil.mockImplementation(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running--;
      return 'fulfilled';
    });
    await wait(...Array.from({ length: 20 }, (_, index) => `order-${index}`));
    await ledger.restock(sku, 20);
    fulfilments.report();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fulfil).toHaveBeenCalledTimes(20);
    expect(most).toBe(4);
  });

  it('lets what is under way finish when it stops, and begins nothing more', async () => {
    await wait(...Array.from({ length: 10 }, (_, index) => `order-${index}`));
    await ledger.restock(sku, 10);
    fulfil.mockImplementation(() => new Promise((resolve) => setTimeout(() => resolve('fulfilled'), 10)));
    fulfilments.report();
    await vi.advanceTimersByTimeAsync(1);
    const stopped = fulfilments.onModuleDestroy();
    await vi.advanceTimersByTimeAsync(100);
    await stopped;
    expect(fulfil).toHaveBeenCalledTimes(4);
    expect(await ledger.allocated(9)).toHaveLength(6);
  });
});
