import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryLedgerRepository } from './in-memory-ledger.repository.js';

const sku = 'ABC-1';
const request = (orderId: string, quantity: number) => ({ orderId, sku, quantity });

describe('InMemoryLedgerRepository', () => {
  let ledger: InMemoryLedgerRepository;
  const allocated = async () => (await ledger.allocated(100)).map(({ orderId }) => orderId);

  beforeEach(async () => {
    ledger = new InMemoryLedgerRepository();
    await ledger.restock(sku, 3);
  });

  it('knows no stock of a SKU that never had any', async () => {
    expect(await ledger.stockOf('other')).toBeUndefined();
    expect(await ledger.reserve({ ...request('a', 1), sku: 'other' })).toBe('sku_unknown');
    expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 3, reserved: 0 });
  });

  it('reserves what is free and lets wait what is not', async () => {
    expect(await ledger.reserve(request('a', 2))).toBe('reserved');
    expect(await ledger.reserve(request('b', 2))).toBe('waiting');
    expect(await ledger.reserve(request('c', 1))).toBe('reserved');
    expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 0, reserved: 3 });
  });

  it('never promises the last item twice', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ledger.reserve(request(`order-${index}`, 1))),
    );
    expect(outcomes.filter((outcome) => outcome === 'reserved')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'waiting')).toHaveLength(47);
    expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 0, reserved: 3 });
  });

  it('answers the same request the same, and another under the same order with a conflict', async () => {
    await ledger.reserve(request('a', 2));
    await ledger.reserve(request('b', 2));
    expect(await ledger.reserve(request('a', 2))).toBe('reserved');
    expect(await ledger.reserve(request('b', 2))).toBe('waiting');
    expect(await ledger.reserve(request('a', 1))).toBe('conflict');
    expect(await ledger.reserve({ ...request('a', 2), sku: 'other' })).toBe('conflict');
    expect(await ledger.stockOf(sku)).toMatchObject({ quantity: 1, reserved: 2 });
  });

  it('allocates a restock oldest first and passes over what does not fit', async () => {
    await ledger.restock(sku, 0);
    for (const [orderId, quantity] of [
      ['a', 2],
      ['b', 9],
      ['c', 1],
      ['d', 1],
    ] as const) {
      expect(await ledger.reserve(request(orderId, quantity))).toBe('waiting');
    }
    expect(await ledger.restock(sku, 3)).toEqual({ sku, quantity: 0, reserved: 3 });
    expect(await allocated()).toEqual(['a', 'c']);
    expect(await ledger.reserve(request('c', 1))).toBe('reserved');
    await ledger.restock(sku, 10);
    expect(await allocated()).toEqual(['a', 'c', 'b', 'd']);
  });

  it('gives back what is released, to whoever waits first', async () => {
    await ledger.reserve(request('a', 3));
    await ledger.reserve(request('b', 1));
    expect(await ledger.release('a')).toBe('released');
    expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 2, reserved: 1 });
    expect(await allocated()).toEqual(['b']);
  });

  it('gives back an allocation, and nothing for what only waits', async () => {
    await ledger.reserve(request('a', 5));
    await ledger.release('a');
    expect(await ledger.stockOf(sku)).toMatchObject({ quantity: 3 });
    await ledger.reserve(request('b', 5));
    await ledger.restock(sku, 5);
    await ledger.release('b');
    expect(await allocated()).toEqual([]);
    expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 5, reserved: 0 });
  });

  it('releases twice without giving back twice', async () => {
    await ledger.reserve(request('a', 2));
    await Promise.all([ledger.release('a'), ledger.release('a')]);
    expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 3, reserved: 0 });
  });

  it('remembers a release that came before its reservation', async () => {
    expect(await ledger.release('late')).toBe('released');
    expect(await ledger.reserve(request('late', 1))).toBe('released');
    expect(await ledger.stockOf(sku)).toMatchObject({ quantity: 3 });
  });

  it('does not release what has been fulfilled, and fulfils only what is allocated', async () => {
    await ledger.reserve(request('a', 1));
    await ledger.fulfil('a');
    expect(await ledger.stockOf(sku)).toMatchObject({ reserved: 1 });
    await ledger.reserve(request('b', 9));
    await ledger.restock(sku, 9);
    await ledger.fulfil('b');
    expect(await allocated()).toEqual([]);
    expect(await ledger.release('b')).toBe('fulfilled');
    expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 0, reserved: 1 });
  });

  describe('of a bounded size', () => {
    beforeEach(async () => {
      ledger = new InMemoryLedgerRepository({ skus: 1, reservations: 2 });
      await ledger.restock(sku, 9);
    });

    it('has no room for more SKUs', async () => {
      expect(await ledger.restock('other', 1)).toBeUndefined();
      expect(await ledger.restock(sku, 8)).toMatchObject({ quantity: 8 });
    });

    it('is full of what is not over', async () => {
      await ledger.reserve(request('a', 1));
      await ledger.reserve(request('b', 1));
      expect(await ledger.reserve(request('c', 1))).toBe('full');
      expect(await ledger.release('unknown')).toBe('released');
      await ledger.release('a');
      expect(await ledger.reserve(request('c', 1))).toBe('reserved');
      expect(await ledger.stockOf(sku)).toEqual({ sku, quantity: 7, reserved: 2 });
    });
  });
});
