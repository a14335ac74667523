import { randomUUID } from 'node:crypto';
import { callerOf, freePort, LoopbackIssuer, StandIn } from '@countersign/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  contract,
  issuerOptions,
  startInventory,
  startIssuer,
  type RunningInventory,
} from './support/inventory-app.js';

const sku = 'ABC-1';

describe('inventory, when something fails', () => {
  let orders: StandIn;
  let inventory: RunningInventory | undefined;
  let issuer: LoopbackIssuer | undefined;

  beforeEach(async () => {
    orders = await StandIn.start();
    orders.answers({ status: 200, body: { status: 'fulfilled' } });
  });

  afterEach(async () => {
    await inventory?.close();
    await issuer?.close();
    await orders.close();
    inventory = issuer = undefined;
  });

  const call = callerOf(() => inventory!.url);
  const mint = (from: LoopbackIssuer) =>
    from.mint({ audience: contract.audience!, scopes: Object.keys(contract.scopes), clientId: 'orders' });
  const restock = (token: string, quantity: number) =>
    call('PUT', `/stock/${sku}`, { token, body: { quantity } });
  const reserve = (token: string, orderId: string) =>
    call('POST', '/reservations', { token, body: { orderId, sku, quantity: 1 } });

  it('boots without an issuer, is ready, refuses with 503 and a time to retry, and works once it is there', async () => {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}/`;
    const secret = 'a-secret-of-the-inventory-service';
    inventory = await startInventory({ issuer: address, clientSecret: () => secret }, orders.url);
    expect((await call('GET', '/health/ready')).status).toBe(200);

    const options = issuerOptions(secret);
    const elsewhere = await LoopbackIssuer.start(options);
    const early = await restock(await mint(elsewhere), 1);
    await elsewhere.close();
    expect(early).toMatchObject({ status: 503, code: 'keys_unavailable' });
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);

    issuer = await LoopbackIssuer.start({ ...options, port });
    const token = await mint(issuer);
    await expect.poll(async () => (await restock(token, 1)).status, { timeout: 15_000 }).toBe(200);
  });

  it('restocks without a token for orders, and reports once it can have one', async () => {
    issuer = await startIssuer();
    inventory = await startInventory(issuer, orders.url);
    const token = await mint(issuer);
    const orderId = randomUUID();
    await restock(token, 0);
    expect(await reserve(token, orderId)).toMatchObject({ code: 'insufficient_stock' });
    issuer.fault('token', { kind: 'status', status: 503 });
    expect(await restock(token, 1)).toMatchObject({ status: 200, body: { quantity: 0, reserved: 1 } });
    await expect.poll(() => issuer!.requests.token).toBeGreaterThan(0);
    expect(orders.requests).toEqual([]);
    issuer.recover('token');
    await expect
      .poll(() => orders.requests.map(({ path }) => path), { timeout: 18_000 })
      .toEqual([`/orders/${orderId}/fulfilment`]);
  });

  it('reports what it has begun to report before it stops', async () => {
    issuer = await startIssuer();
    inventory = await startInventory(issuer, orders.url);
    const token = await mint(issuer);
    const orderId = randomUUID();
    await restock(token, 0);
    await reserve(token, orderId);
    let answered = false;
    orders.answers(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      answered = true;
      return { status: 200, body: { status: 'fulfilled' } };
    });
    await restock(token, 1);
    await expect.poll(() => orders.requests.length).toBe(1);
    await inventory.close();
    expect(answered).toBe(true);
  });
});
