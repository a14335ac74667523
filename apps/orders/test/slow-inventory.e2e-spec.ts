import { setTimeout as delay } from 'node:timers/promises';
import { callerOf, StandIn, type StandInAnswer } from '@countersign/testing';
import { describe, it } from 'vitest';
import { contract, startIssuer, startOrders } from './support/orders-app.js';

const adapters = ['fastify', 'express'] as const;
const order = { sku: 'ABC-1', quantity: 2 };

/** Orders with an issuer and an inventory of its own, since each of these stories takes some seconds. */
async function start(adapter: (typeof adapters)[number], reserve: () => Promise<void> | StandInAnswer) {
  const inventory = await StandIn.start(async ({ method, body }) => {
    if (method !== 'POST') return { status: 204 };
    return (await reserve()) ?? { status: 201, body: { ...(body as object), status: 'reserved' } };
  });
  const issuer = await startIssuer();
  const orders = await startOrders(issuer, inventory.url, adapter);
  const call = callerOf(orders.url);
  const token = await issuer.mint({ audience: contract.audience!, scopes: ['read:orders', 'write:orders'] });
  return {
    inventory,
    place: () => call('POST', '/orders', { token, body: order }),
    kept: async () => (await call('GET', '/orders', { token })).body,
    [Symbol.asyncDispose]: async () => {
      await orders.close();
      await inventory.close();
      await issuer.close();
    },
  };
}

describe.concurrent.each(adapters)('orders on %s, where inventory keeps it waiting', (adapter) => {
  it('is 503 where it answers without end, and no order is kept', async ({ expect }) => {
    await using story = await start(adapter, () => ({
      raw: (response) => void response.write('x'.repeat(1_000_000)),
    }));

    const refused = await story.place();

    expect(refused).toMatchObject({ status: 503, code: 'inventory_unavailable' });
    expect(JSON.stringify(refused.body)).not.toMatch(/127\.0\.0\.1|ECONN/);
    expect(await story.kept()).toEqual({ orders: [] });
  });

  it('is 503 within its deadline where it is slow, and what it reserved meanwhile is released', async ({
    expect,
  }) => {
    await using story = await start(adapter, () => delay(4_000));
    const startedAt = performance.now();

    expect(await story.place()).toMatchObject({ status: 503, code: 'inventory_unavailable' });

    expect(performance.now() - startedAt).toBeLessThan(3_900);
    const { orderId } = story.inventory.requests[0]?.body as { orderId: string };
    await expect
      .poll(() => story.inventory.requests.map(({ method, path }) => `${method} ${path}`), {
        timeout: 8_000,
      })
      .toContain(`DELETE /reservations/${orderId}`);
  });

  it('reserves where it answers in time', async ({ expect }) => {
    await using story = await start(adapter, () => delay(10));

    expect(await story.place()).toMatchObject({ status: 201, body: { status: 'reserved' } });
    expect(await story.kept()).toMatchObject({ orders: [order] });
  });
});
