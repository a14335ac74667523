import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryOrdersRepository } from './in-memory-orders.repository.js';
import type { OrderState } from './order.js';

const order = (id: string, state: OrderState = 'reserved') => ({ id, sku: 'ABC-1', quantity: 1, state });

describe('InMemoryOrdersRepository', () => {
  let orders: InMemoryOrdersRepository;

  beforeEach(() => {
    orders = new InMemoryOrdersRepository({ orders: 4 });
  });

  it('finds what it keeps', async () => {
    expect(await orders.add(order('a'))).toBe(true);
    expect(await orders.find('a')).toEqual(order('a'));
    expect(await orders.find('b')).toBeUndefined();
  });

  it('lets one of two contradicting transitions win', async () => {
    await orders.add(order('a'));
    const [fulfilled, cancelled] = await Promise.all([
      orders.transition('a', ['reserved'], 'fulfilled'),
      orders.transition('a', ['reserved'], 'cancelling'),
    ]);
    expect(fulfilled).toEqual(order('a', 'fulfilled'));
    expect(cancelled).toBeUndefined();
    expect(await orders.transition('b', ['reserved'], 'fulfilled')).toBeUndefined();
  });

  it('forgets an order only in the state it is told', async () => {
    await orders.add(order('a', 'placing'));
    expect(await orders.remove('a', 'reserved')).toBe(false);
    expect(await orders.remove('a', 'placing')).toBe(true);
    expect(await orders.find('a')).toBeUndefined();
  });

  it('pages oldest first, without orders that are being placed', async () => {
    for (const [id, state] of [['a'], ['b', 'placing'], ['c'], ['d']] as const)
      await orders.add(order(id, state));
    const first = await orders.page({ limit: 2 });
    expect(first).toEqual({ orders: [order('a'), order('c')], more: true });
    expect(await orders.page({ after: 'c', limit: 2 })).toEqual({ orders: [order('d')], more: false });
    expect(await orders.page({ after: 'unknown', limit: 2 })).toEqual({ orders: [], more: false });
  });

  it('makes room by forgetting the oldest order that is over, and is full where none is', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await orders.add(order(id));
    expect(await orders.add(order('e'))).toBe(false);
    await orders.transition('b', ['reserved'], 'fulfilled');
    expect(await orders.add(order('e'))).toBe(true);
    expect(await orders.find('b')).toBeUndefined();
    expect(await orders.find('a')).toBeDefined();
  });
});
