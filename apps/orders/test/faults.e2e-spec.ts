import { callerOf, freePort, LoopbackIssuer, StandIn } from '@countersign/testing';
import { Readiness } from '@countersign/bootstrap';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  contract,
  issuerOptions,
  startIssuer,
  startOrders,
  type RunningOrders,
} from './support/orders-app.js';

describe('orders, when something fails', () => {
  let inventory: StandIn;
  let orders: RunningOrders | undefined;
  let issuer: LoopbackIssuer | undefined;

  beforeEach(async () => {
    inventory = await StandIn.start();
    inventory.answers(({ body }) => ({ status: 201, body: { ...(body as object), status: 'reserved' } }));
  });

  afterEach(async () => {
    await orders?.close();
    await issuer?.close();
    await inventory.close();
    orders = issuer = undefined;
  });

  const call = callerOf(() => orders!.url);
  const mint = (from: LoopbackIssuer, scope: string) =>
    from.mint({ audience: contract.audience!, scopes: [scope], clientId: 'storefront' });
  const place = (token: string) => call('POST', '/orders', { token, body: { sku: 'ABC-1', quantity: 1 } });

  describe('the issuer is down at the boot', () => {
    it('boots, is ready, refuses with 503 and a time to retry, and works once the issuer is there', async () => {
      const port = await freePort();
      const address = `http://127.0.0.1:${port}/`;
      const secret = 'a-secret-of-the-orders-service';
      orders = await startOrders({ issuer: address, clientSecret: () => secret }, inventory.url);
      expect((await call('GET', '/health/ready')).status).toBe(200);

      const options = issuerOptions(secret);
      const elsewhere = await LoopbackIssuer.start(options);
      const early = await call('GET', '/orders', {
        token: await mint(elsewhere, 'read:orders'),
      });
      await elsewhere.close();
      expect(early).toMatchObject({ status: 503, code: 'keys_unavailable' });
      expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);

      issuer = await LoopbackIssuer.start({ ...options, port });
      expect(issuer.issuer).toBe(address);
      const [read, write] = [await mint(issuer, 'read:orders'), await mint(issuer, 'write:orders')];
      await expect
        .poll(async () => (await call('GET', '/orders', { token: read })).status, {
          timeout: 15_000,
        })
        .toBe(200);
      await expect.poll(async () => (await place(write)).status, { timeout: 15_000 }).toBe(201);
    });
  });

  describe('the issuer goes down later', () => {
    it('goes on with the keys and the tokens that it has', async () => {
      issuer = await startIssuer();
      orders = await startOrders(issuer, inventory.url);
      const write = await mint(issuer, 'write:orders');
      expect((await place(write)).status).toBe(201);
      await issuer.close();
      expect((await place(write)).status).toBe(201);
    });

    it('cannot place an order without a token of its own, and keeps none', async () => {
      issuer = await startIssuer();
      orders = await startOrders(issuer, inventory.url);
      const [read, write] = [await mint(issuer, 'read:orders'), await mint(issuer, 'write:orders')];
      expect((await call('GET', '/orders', { token: read })).status).toBe(200);
      await issuer.close();
      expect(await place(write)).toMatchObject({ status: 503, code: 'inventory_unavailable' });
      expect(inventory.requests).toEqual([]);
      expect(await call('GET', '/orders', { token: read })).toMatchObject({
        body: { orders: [] },
      });
    });
  });

  describe('it is stopped during a call', () => {
    it('finishes the call and accepts no more', async () => {
      issuer = await startIssuer();
      orders = await startOrders(issuer, inventory.url);
      const token = await mint(issuer, 'write:orders');
      expect((await place(token)).status).toBe(201);
      let answer: () => void = () => undefined;
      inventory.answers(
        ({ body }) =>
          new Promise((resolve) => {
            answer = () => resolve({ status: 201, body: { ...(body as object), status: 'reserved' } });
          }),
      );
      const inFlight = place(token);
      await expect.poll(() => inventory.requests.length).toBe(2);
      const closed = orders.close();
      await expect.poll(() => orders!.app.get(Readiness).stopping).toBe(true);
      await expect(call('GET', '/health/live')).rejects.toThrow();
      answer();
      expect(await inFlight).toMatchObject({ status: 201, body: { status: 'reserved' } });
      await closed;
    });
  });
});
