import { callerOf, type LoopbackIssuer, StandIn, type StandInAnswer } from '@countersign/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contract, startIssuer, startOrders, type RunningOrders } from './support/orders-app.js';

const unknownId = '00000000-0000-4000-8000-000000000000';

describe.each(['fastify', 'express'] as const)('orders on %s', (adapter) => {
  let issuer: LoopbackIssuer;
  let inventory: StandIn;
  let orders: RunningOrders;
  let tokens: Record<'read' | 'write' | 'fulfil', string>;

  beforeAll(async () => {
    issuer = await startIssuer();
    inventory = await StandIn.start();
    orders = await startOrders(issuer, inventory.url, adapter);
    const mint = (scope: string, clientId: string) =>
      issuer.mint({ audience: contract.audience!, scopes: [scope], clientId });
    tokens = {
      read: await mint('read:orders', 'storefront'),
      write: await mint('write:orders', 'storefront'),
      fulfil: await mint('write:fulfilments', 'inventory'),
    };
  });

  afterAll(async () => {
    await orders.close();
    await inventory.close();
    await issuer.close();
  });

  beforeEach(() => {
    inventory.requests.length = 0;
    inventory.answers(reserves);
  });

  /** Inventory as it is when all is well. */
  const reserves = ({ method, body }: { method: string; body: unknown }): StandInAnswer =>
    method === 'DELETE'
      ? { status: 204 }
      : { status: 201, body: { ...(body as object), status: 'reserved' } };

  const send = callerOf(() => orders.url);
  const place = (body: unknown = { sku: 'ABC-1', quantity: 2 }, headers: Record<string, string> = {}) =>
    send('POST', '/orders', { token: tokens.write, body, headers });
  const placed = async () => ((await place()).body as { id: string }).id;
  const read = (id: string) => send('GET', `/orders/${id}`, { token: tokens.read });
  const cancel = (id: string) => send('DELETE', `/orders/${id}`, { token: tokens.write });
  const fulfil = (id: string) => send('POST', `/orders/${id}/fulfilment`, { token: tokens.fulfil });
  const count = async () => {
    const { body } = await send('GET', '/orders?limit=100', { token: tokens.read });
    return (body as { orders: unknown[] }).orders.length;
  };

  describe('placing an order', () => {
    it('reserves it at inventory, as the orders service and within the same request', async () => {
      const { status, body } = await place(undefined, { 'x-request-id': 'story-1' });
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.any(String) as string,
        sku: 'ABC-1',
        quantity: 2,
        status: 'reserved',
      });
      const [request] = inventory.requests;
      expect(request).toMatchObject({
        method: 'POST',
        path: '/reservations',
        body: { orderId: (body as { id: string }).id, sku: 'ABC-1', quantity: 2 },
        headers: { 'x-request-id': 'story-1' },
      });
      expect(request?.headers.authorization).toMatch(/^Bearer \S+$/);
      expect(request?.headers.authorization).not.toContain(tokens.write);
    });

    it('is backordered where inventory has too little', async () => {
      inventory.answers({ status: 409, body: { statusCode: 409, code: 'insufficient_stock' } });
      expect(await place()).toMatchObject({ status: 201, body: { status: 'backordered' } });
    });

    it('is refused for an unknown SKU, and not kept', async () => {
      const before = await count();
      inventory.answers({ status: 404, body: { statusCode: 404, code: 'sku_unknown' } });
      expect(await place()).toMatchObject({ status: 404, code: 'sku_unknown' });
      expect(await count()).toBe(before);
    });

    it.each([
      ['malformed JSON', '{"sku": "ABC-1", ', 'body_malformed'],
      ['an empty body', '', 'input_invalid'],
      ['a list', '[]', 'input_invalid'],
      ['nothing in it', {}, 'input_invalid'],
      ['quantity 0', { sku: 'ABC-1', quantity: 0 }, 'input_invalid'],
      ['a negative quantity', { sku: 'ABC-1', quantity: -1 }, 'input_invalid'],
      ['a quantity of 1e9', { sku: 'ABC-1', quantity: 1e9 }, 'input_invalid'],
      ['half a piece', { sku: 'ABC-1', quantity: 0.5 }, 'input_invalid'],
      ['a quantity in words', { sku: 'ABC-1', quantity: 'two' }, 'input_invalid'],
      ['a quantity in digits', { sku: 'ABC-1', quantity: '2' }, 'input_invalid'],
      ['no number at all', { sku: 'ABC-1', quantity: null }, 'input_invalid'],
      ['an empty SKU', { sku: '', quantity: 1 }, 'input_invalid'],
      ['a path for a SKU', { sku: '../stock', quantity: 1 }, 'input_invalid'],
      ['a very long SKU', { sku: 'A'.repeat(65), quantity: 1 }, 'input_invalid'],
      ['an id of its own', { sku: 'ABC-1', quantity: 1, id: unknownId }, 'input_invalid'],
    ])('refuses %s and asks inventory nothing', async (_, body, code) => {
      expect(await place(body)).toMatchObject({ status: 400, code });
      expect(inventory.requests).toEqual([]);
    });

    it('lists every problem at once', async () => {
      const { body } = await place({ sku: 'no spaces', quantity: 0, colour: 'red' });
      const { message } = body as { message: string[] };
      expect(message).toHaveLength(3);
      expect(message.join('\n')).toMatch(/sku: .*\n.*quantity: .*\n.*colour/s);
    });
  });

  describe('inventory away', () => {
    const html = '<html><body>Bad gateway</body></html>';

    it.each<[string, StandInAnswer]>([
      ['answers 500', { status: 500, body: { statusCode: 500, code: 'internal_error' } }],
      ['answers 503', { status: 503, body: { statusCode: 503, code: 'inventory_full' } }],
      ['answers HTML', { status: 200, body: html, type: 'text/html' }],
      ['answers HTML with 502', { status: 502, body: html, type: 'text/html' }],
      ['answers something else', { status: 201, body: { status: 'reserved', orderId: unknownId } }],
      ['answers nothing', { status: 200 }],
      ['answers a list', { status: 201, body: [] }],
      [
        'redirects',
        { raw: (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end() },
      ],
      ['breaks off', { raw: (response) => response.destroy() }],
      ['refuses the scope', { status: 403, body: { statusCode: 403, code: 'scope_missing' } }],
      ['answers 404 for another reason', { status: 404, body: { statusCode: 404, code: 'route_unknown' } }],
      [
        'answers 409 for another reason',
        { status: 409, body: { statusCode: 409, code: 'reservation_conflict' } },
      ],
    ])('is 503 where it %s, and no order is kept', async (_, answer) => {
      const before = await count();
      inventory.answers(({ method }) => (method === 'POST' ? answer : { status: 204 }));
      const refused = await place();
      expect(refused).toMatchObject({ status: 503, code: 'inventory_unavailable' });
      expect(JSON.stringify(refused.body)).not.toMatch(/html|127\.0\.0\.1|ECONN/);
      expect(await count()).toBe(before);
    });

    it('is 503 where nothing listens, and works again once something does', async () => {
      const before = await count();
      await inventory.close();
      expect(await place()).toMatchObject({ status: 503, code: 'inventory_unavailable' });
      expect(await count()).toBe(before);
      await inventory.listen();
      expect(await place()).toMatchObject({ status: 201 });
    });
  });

  describe('reading orders', () => {
    it('answers one by its id', async () => {
      const id = await placed();
      expect(await read(id)).toMatchObject({
        status: 200,
        body: { id, sku: 'ABC-1', quantity: 2, status: 'reserved' },
      });
    });

    it('takes the id in any case', async () => {
      const id = await placed();
      expect(await read(id.toUpperCase())).toMatchObject({ status: 200, body: { id } });
    });

    it('knows no order of another id', async () => {
      expect(await read(unknownId)).toMatchObject({ status: 404, code: 'order_unknown' });
      expect(await read('7')).toMatchObject({ status: 400, code: 'input_invalid' });
    });

    it('answers all of them page by page, oldest first', async () => {
      const ids = [await placed(), await placed(), await placed()];
      const seen: string[] = [];
      let next: string | undefined = '';
      while (next !== undefined) {
        const query: string = next ? `?limit=2&after=${next}` : '?limit=2';
        const { body } = await send('GET', `/orders${query}`, { token: tokens.read });
        const page = body as { orders: { id: string }[]; next?: string };
        expect(page.orders.length).toBeLessThanOrEqual(2);
        seen.push(...page.orders.map(({ id }) => id));
        next = page.next;
      }
      expect(seen.slice(-3)).toEqual(ids);
      expect(new Set(seen).size).toBe(seen.length);
    });

    it.each(['?limit=0', '?limit=101', '?limit=all', '?after=7', '?other=1'])('refuses %s', async (query) => {
      expect(await send('GET', `/orders${query}`, { token: tokens.read })).toMatchObject({
        status: 400,
        code: 'input_invalid',
      });
    });
  });

  describe('cancelling an order', () => {
    it('releases it at inventory; again is fine', async () => {
      const id = await placed();
      // What an order before this one left to be released may still be on its way.
      const releases = () => inventory.requests.filter(({ path }) => path === `/reservations/${id}`);
      expect(await cancel(id)).toMatchObject({ status: 204, body: '' });
      expect(releases()).toMatchObject([{ method: 'DELETE' }]);
      expect(await read(id)).toMatchObject({ body: { status: 'cancelled' } });
      expect(await cancel(id)).toMatchObject({ status: 204 });
      expect(releases()).toHaveLength(1);
    });

    it('knows no order of another id', async () => {
      expect(await cancel(unknownId)).toMatchObject({ status: 404, code: 'order_unknown' });
    });

    it('is 503 where inventory is away, and is made good of later', async () => {
      const id = await placed();
      inventory.answers({ status: 500 });
      expect(await cancel(id)).toMatchObject({ status: 503, code: 'inventory_unavailable' });
      inventory.answers(reserves);
      expect(await cancel(id)).toMatchObject({ status: 204 });
    });
  });

  describe('a fulfilment', () => {
    it('fulfils an order; again is fine', async () => {
      const id = await placed();
      expect(await fulfil(id)).toMatchObject({ status: 200, body: { id, status: 'fulfilled' } });
      expect(await fulfil(id)).toMatchObject({ status: 200 });
      expect(await cancel(id)).toMatchObject({ status: 409, code: 'order_fulfilled' });
    });

    it('is refused for a cancelled order and for one that is not known', async () => {
      const id = await placed();
      await cancel(id);
      expect(await fulfil(id)).toMatchObject({ status: 409, code: 'order_cancelled' });
      expect(await fulfil(unknownId)).toMatchObject({ status: 404, code: 'order_unknown' });
    });

    it('races a cancellation and only one of them wins', async () => {
      for (let round = 0; round < 10; round++) {
        const id = await placed();
        const [cancelled, fulfilled] = await Promise.all([cancel(id), fulfil(id)]);
        const { body } = await read(id);
        const outcome = [cancelled.status, fulfilled.status, (body as { status: string }).status];
        expect([
          [204, 409, 'cancelled'],
          [409, 200, 'fulfilled'],
        ]).toContainEqual(outcome);
      }
    });
  });

  describe('each route wants its own scope', () => {
    it.each([
      ['POST', '/orders', 'read', 'write:orders'],
      ['GET', '/orders', 'write', 'read:orders'],
      ['GET', `/orders/${unknownId}`, 'fulfil', 'read:orders'],
      ['DELETE', `/orders/${unknownId}`, 'fulfil', 'write:orders'],
      ['POST', `/orders/${unknownId}/fulfilment`, 'write', 'write:fulfilments'],
    ] as const)('%s %s', async (method, path, token, scope) => {
      const refused = await send(method, path, {
        token: tokens[token],
        ...(method === 'POST' && path === '/orders' && { body: { sku: 'ABC-1', quantity: 1 } }),
      });
      expect(refused).toMatchObject({ status: 403, code: 'scope_missing' });
      expect(refused.headers.get('www-authenticate')).toContain(`scope="${scope}"`);
      expect((await send(method, path, {})).status).toBe(401);
    });
  });

  it('says in its API document what each route requires', async () => {
    const { body } = await send('GET', '/openapi.json');
    const { paths, components } = body as {
      paths: Record<string, Record<string, { security?: object[]; requestBody?: object; responses: object }>>;
      components: { securitySchemes: Record<string, { type: string }> };
    };
    expect(Object.keys(paths)).toEqual(['/orders', '/orders/{id}', '/orders/{id}/fulfilment']);
    const scopes = (path: string, method: string) =>
      Object.values(paths[path]?.[method]?.security?.[0] ?? {})[0] as unknown;
    expect(scopes('/orders', 'post')).toEqual(['write:orders']);
    expect(scopes('/orders/{id}', 'get')).toEqual(['read:orders']);
    expect(scopes('/orders/{id}/fulfilment', 'post')).toEqual(['write:fulfilments']);
    expect(Object.values(components.securitySchemes).map(({ type }) => type)).toContain('oauth2');
    expect(paths['/orders']?.['post']?.requestBody).toMatchObject({
      content: {
        'application/json': {
          schema: {
            additionalProperties: false,
            properties: { quantity: { minimum: 1, maximum: 1_000_000 } },
          },
        },
      },
    });
  });
});
