import { randomUUID } from 'node:crypto';
import { callerOf, type LoopbackIssuer, StandIn } from '@countersign/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contract, startInventory, startIssuer, type RunningInventory } from './support/inventory-app.js';

describe.each(['fastify', 'express'] as const)('inventory on %s', (adapter) => {
  let issuer: LoopbackIssuer;
  let orders: StandIn;
  let inventory: RunningInventory;
  let tokens: Record<'readStock' | 'writeStock' | 'reserve', string>;
  let sku: string;
  let skus = 0;

  beforeAll(async () => {
    issuer = await startIssuer();
    orders = await StandIn.start();
    inventory = await startInventory(issuer, orders.url, adapter);
    const mint = (scope: string, clientId: string) =>
      issuer.mint({ audience: contract.audience!, scopes: [scope], clientId });
    tokens = {
      readStock: await mint('read:stock', 'storefront'),
      writeStock: await mint('write:stock', 'storefront'),
      reserve: await mint('write:reservations', 'orders'),
    };
  });

  afterAll(async () => {
    await inventory.close();
    await orders.close();
    await issuer.close();
  });

  beforeEach(() => {
    sku = `ABC-${++skus}`;
    orders.requests.length = 0;
    orders.answers({ status: 200, body: { status: 'fulfilled' } });
  });

  const send = callerOf(() => inventory.url);
  const restock = (quantity: unknown, of = sku) =>
    send('PUT', `/stock/${of}`, { token: tokens.writeStock, body: { quantity } });
  const stock = async () => (await send('GET', `/stock/${sku}`, { token: tokens.readStock })).body;
  const reserve = (quantity: number, orderId: string = randomUUID(), of = sku) =>
    send('POST', '/reservations', { token: tokens.reserve, body: { orderId, sku: of, quantity } });
  const release = (orderId: string) => send('DELETE', `/reservations/${orderId}`, { token: tokens.reserve });
  const reported = () => orders.requests.map(({ path }) => path.split('/')[2]);
  async function waiting(quantity = 1): Promise<string> {
    const orderId = randomUUID();
    expect(await reserve(quantity, orderId)).toMatchObject({ status: 409, code: 'insufficient_stock' });
    return orderId;
  }

  describe('stock', () => {
    it('is what it was set to', async () => {
      expect(await restock(3)).toMatchObject({ status: 200, body: { sku, quantity: 3, reserved: 0 } });
      expect(await stock()).toEqual({ sku, quantity: 3, reserved: 0 });
      expect(await restock(0)).toMatchObject({ status: 200, body: { quantity: 0 } });
    });

    it('is not known of a SKU that never had any', async () => {
      expect(await send('GET', '/stock/never', { token: tokens.readStock })).toMatchObject({
        status: 404,
        code: 'sku_unknown',
      });
    });

    it.each([[-1], [1e9], [0.5], ['two'], ['2'], [null], [undefined]])(
      'refuses a quantity of %s',
      async (quantity) => {
        expect(await restock(quantity)).toMatchObject({ status: 400, code: 'input_invalid' });
        expect(await send('GET', `/stock/${sku}`, { token: tokens.readStock })).toMatchObject({
          status: 404,
        });
      },
    );

    it.each(['a%20b', '-a', 'A'.repeat(65), 'a%2Fb', '%F0%9F%98%80'])('refuses the SKU %s', async (name) => {
      expect(await restock(1, name)).toMatchObject({ status: 400, code: 'input_invalid' });
    });

    it('refuses malformed JSON and members it does not know', async () => {
      const put = (body: unknown) => send('PUT', `/stock/${sku}`, { token: tokens.writeStock, body });
      expect(await put('{"quantity": ')).toMatchObject({ status: 400, code: 'body_malformed' });
      expect(await put({ quantity: 1, reserved: 5 })).toMatchObject({ status: 400, code: 'input_invalid' });
    });
  });

  describe('a reservation', () => {
    beforeEach(() => restock(3));

    it('takes from the stock', async () => {
      const orderId = randomUUID();
      expect(await reserve(2, orderId)).toMatchObject({
        status: 201,
        body: { orderId, sku, quantity: 2, status: 'reserved' },
      });
      expect(await stock()).toEqual({ sku, quantity: 1, reserved: 2 });
      expect(orders.requests).toEqual([]);
    });

    it('has the same answer again, and a conflict for another content', async () => {
      const orderId = randomUUID();
      const first = await reserve(2, orderId);
      expect((await reserve(2, orderId)).body).toEqual(first.body);
      expect(await reserve(1, orderId)).toMatchObject({ status: 409, code: 'reservation_conflict' });
      expect(await stock()).toMatchObject({ quantity: 1 });
    });

    it('is refused where there is too little or no such SKU', async () => {
      expect(await reserve(4)).toMatchObject({ status: 409, code: 'insufficient_stock' });
      expect(await reserve(1, randomUUID(), 'never')).toMatchObject({ status: 404, code: 'sku_unknown' });
    });

    it('never promises the last item twice', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => reserve(1)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
      expect(answers.filter(({ code }) => code === 'insufficient_stock')).toHaveLength(17);
      expect(await stock()).toEqual({ sku, quantity: 0, reserved: 3 });
    });

    it.each<[string, object]>([
      ['no order', { quantity: 1 }],
      ['an order that is no UUID', { orderId: '7', quantity: 1 }],
      ['quantity 0', { orderId: randomUUID(), quantity: 0 }],
      ['a negative quantity', { orderId: randomUUID(), quantity: -1 }],
      ['a quantity of 1e9', { orderId: randomUUID(), quantity: 1e9 }],
      ['a quantity in words', { orderId: randomUUID(), quantity: 'two' }],
      ['a member it does not know', { orderId: randomUUID(), quantity: 1, state: 'fulfilled' }],
    ])('is refused with %s', async (_, body) => {
      expect(
        await send('POST', '/reservations', { token: tokens.reserve, body: { sku, ...body } }),
      ).toMatchObject({
        status: 400,
        code: 'input_invalid',
      });
      expect(await stock()).toMatchObject({ quantity: 3 });
    });

    it('gives back what it took when it is released; again is fine', async () => {
      const orderId = randomUUID();
      await reserve(2, orderId);
      expect(await release(orderId)).toMatchObject({ status: 204, body: '' });
      expect(await release(orderId)).toMatchObject({ status: 204 });
      expect(await stock()).toEqual({ sku, quantity: 3, reserved: 0 });
    });

    it('is the same one under the id of its order in any case', async () => {
      const orderId = randomUUID();
      await reserve(2, orderId);
      expect(await reserve(2, orderId.toUpperCase())).toMatchObject({ status: 201, body: { orderId } });
      expect(await stock()).toMatchObject({ quantity: 1 });
      expect(await release(orderId.toUpperCase())).toMatchObject({ status: 204 });
      expect(await stock()).toMatchObject({ quantity: 3 });
    });

    it('is refused after its release, however late it comes', async () => {
      const orderId = randomUUID();
      expect(await release(orderId)).toMatchObject({ status: 204 });
      expect(await reserve(1, orderId)).toMatchObject({ status: 409, code: 'reservation_released' });
      expect(await release('7')).toMatchObject({ status: 400, code: 'input_invalid' });
    });
  });

  describe('a restock', () => {
    beforeEach(() => restock(0));

    it('reserves for the orders that wait, oldest first, and reports each to orders as the inventory service', async () => {
      const first = await waiting(2);
      const second = await waiting(2);
      const third = await waiting(2);
      const answer = await send('PUT', `/stock/${sku}`, {
        token: tokens.writeStock,
        body: { quantity: 5 },
        headers: { 'x-request-id': 'restock-1' },
      });
      expect(answer).toMatchObject({ status: 200, body: { sku, quantity: 1 } });
      await expect.poll(reported).toEqual([first, second]);
      const [request] = orders.requests;
      expect(request).toMatchObject({ method: 'POST', path: `/orders/${first}/fulfilment` });
      expect(request?.headers['x-request-id']).toBe('restock-1');
      expect(request?.headers.authorization).toMatch(/^Bearer \S+$/);
      expect(request?.headers.authorization).not.toContain(tokens.writeStock);
      await expect.poll(stock).toEqual({ sku, quantity: 1, reserved: 0 });
      expect(await release(first)).toMatchObject({ status: 409, code: 'reservation_fulfilled' });
      expect(await release(third)).toMatchObject({ status: 204 });
    });

    it('succeeds although orders is away, and reports when orders is back', async () => {
      const orderId = await waiting();
      await orders.close();
      expect(await restock(1)).toMatchObject({ status: 200, body: { quantity: 0, reserved: 1 } });
      await new Promise((resolve) => setTimeout(resolve, 200));
      await orders.listen();
      await expect.poll(reported, { timeout: 10_000 }).toEqual([orderId]);
      await expect.poll(stock).toEqual({ sku, quantity: 0, reserved: 0 });
    });

    it.each([
      ['fails', { status: 500, body: { code: 'internal_error' } }],
      ['answers HTML', { status: 200, body: '<html></html>', type: 'text/html' }],
      ['answers nothing', { status: 200 }],
      ['refuses the scope', { status: 403, body: { code: 'scope_missing' } }],
    ])('succeeds although orders %s, and reports at the next restock', async (_, answer) => {
      const orderId = await waiting();
      orders.answers(answer);
      expect(await restock(1)).toMatchObject({ status: 200 });
      await expect.poll(() => orders.requests.length).toBeGreaterThanOrEqual(1);
      orders.answers({ status: 200, body: { status: 'fulfilled' } });
      await restock(7);
      await expect.poll(stock).toEqual({ sku, quantity: 7, reserved: 0 });
      expect(new Set(reported())).toEqual(new Set([orderId]));
    });

    it.each(['order_cancelled', 'order_unknown'])(
      'takes back what it reserved for an order that is %s',
      async (code) => {
        const [gone, next] = [await waiting(), await waiting()];
        orders.answers(({ path }) =>
          path.includes(gone)
            ? { status: 409, body: { code } }
            : { status: 200, body: { status: 'fulfilled' } },
        );
        await restock(1);
        await expect.poll(reported).toEqual([gone, next]);
        await expect.poll(stock).toEqual({ sku, quantity: 0, reserved: 0 });
      },
    );

    it('serves who waits with what is released', async () => {
      await restock(1);
      const holder = randomUUID();
      await reserve(1, holder);
      const next = await waiting();
      await release(holder);
      await expect.poll(reported).toEqual([next]);
    });
  });

  describe('each route wants its own scope', () => {
    it.each([
      ['GET', '/stock/ABC-1', 'writeStock', 'read:stock', undefined],
      ['PUT', '/stock/ABC-1', 'readStock', 'write:stock', { quantity: 1 }],
      [
        'POST',
        '/reservations',
        'writeStock',
        'write:reservations',
        { orderId: randomUUID(), sku: 'ABC-1', quantity: 1 },
      ],
      ['DELETE', `/reservations/${randomUUID()}`, 'readStock', 'write:reservations', undefined],
    ] as const)('%s %s', async (method, path, token, scope, body) => {
      const refused = await send(method, path, { token: tokens[token], body });
      expect(refused).toMatchObject({ status: 403, code: 'scope_missing' });
      expect(refused.headers.get('www-authenticate')).toContain(`scope="${scope}"`);
      expect((await send(method, path, { body })).status).toBe(401);
    });
  });

  it('says in its API document what each route requires', async () => {
    const { body } = await send('GET', '/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, { security?: object[] }>> };
    const scopes = (path: string, method: string) =>
      Object.values(paths[path]?.[method]?.security?.[0] ?? {})[0] as unknown;
    expect(Object.keys(paths).sort()).toEqual(['/reservations', '/reservations/{orderId}', '/stock/{sku}']);
    expect(scopes('/stock/{sku}', 'get')).toEqual(['read:stock']);
    expect(scopes('/stock/{sku}', 'put')).toEqual(['write:stock']);
    expect(scopes('/reservations', 'post')).toEqual(['write:reservations']);
  });
});
