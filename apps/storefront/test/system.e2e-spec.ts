import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callees } from '../src/callees.gen.js';
import { findSecrets, startProcess } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ServiceName, System } from './support/system.js';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const audiences = { orders: callees.orders.audience, inventory: callees.inventory.audience };

describe('issuer, orders and inventory as they are built', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.create();
    await system.startAll();
  });

  afterAll(() => system[Symbol.asyncDispose]());

  it('carry the whole story, and mint one token per connection', async () => {
    const story = await startProcess({
      entry: new URL('../dist/main.js', import.meta.url),
      env: system.environmentOf('storefront'),
      ready: async () => true,
    });
    expect({ ...(await story.exit), output: story.output }).toMatchObject({ code: 0 });
    expect(story.output).toContain('403 scope_missing');
    expect(story.output).toContain('401 audience_mismatch');
    expect(story.output).not.toContain('✗');
    const minted = [
      ...system.output.matchAll(/"event":"token_issued","client":"(\w+)","audience":"([^"]+)"/g),
    ];
    expect(minted.map(([, client, audience]) => `${client} ${audience}`).sort()).toEqual([
      `inventory ${audiences.orders}`,
      `orders ${audiences.inventory}`,
      `storefront ${audiences.inventory}`,
      `storefront ${audiences.orders}`,
    ]);
    expect(findSecrets(story.output, [await system.secret('storefront')])).toEqual([]);
  });

  const routes: Record<ServiceName, { path: string; scope: string; other: ServiceName; missing: string }> = {
    orders: { path: '/orders', scope: 'read:orders', other: 'inventory', missing: 'write:orders' },
    inventory: { path: '/stock/no-such-sku', scope: 'read:stock', other: 'orders', missing: 'write:stock' },
  };

  describe.each(Object.entries(routes) as [ServiceName, (typeof routes)[ServiceName]][])(
    '%s, with tokens of the real issuer',
    (name, { path, scope, other, missing }) => {
      const read = (token?: string) => system.call(name)('GET', path, token === undefined ? {} : { token });

      it('accepts a token with its audience and scope', async () => {
        const { status } = await read(await system.token(audiences[name], scope));
        expect(status).toBe(name === 'orders' ? 200 : 404);
      });

      it('asks for credentials where there are none', async () => {
        const { status, code, headers } = await read();
        expect([status, code]).toEqual([401, 'token_missing']);
        expect(headers.get('www-authenticate')).toMatch(/^Bearer(?!.*error=)/);
      });

      it('refuses a token for the other service', async () => {
        const { status, code } = await read(await system.token(audiences[other]));
        expect([status, code]).toEqual([401, 'audience_mismatch']);
      });

      it('refuses a token without the scope, and names it', async () => {
        const { status, code, headers } = await read(await system.token(audiences[name], missing));
        expect([status, code]).toEqual([403, 'scope_missing']);
        expect(headers.get('www-authenticate')).toContain(`scope="${scope}"`);
      });

      it('refuses a token whose signature was changed', async () => {
        const token = await system.token(audiences[name], scope);
        const [header, payload, signature = ''] = token.split('.');
        const changed = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
        const { status, code } = await read(`${header}.${payload}.${changed}`);
        expect([status, code]).toEqual([401, 'signature_invalid']);
      });
    },
  );

  it('keep no order where inventory is away, and serve again when it is back', async () => {
    const token = await system.token(audiences.orders);
    const sku = `away-${randomUUID().slice(0, 8)}`;
    const before = await system.call('orders')('GET', '/orders', { token });
    await system.stop('inventory');
    const { status, code } = await system.call('orders')('POST', '/orders', {
      token,
      body: { sku, quantity: 1 },
    });
    expect([status, code]).toEqual([503, 'inventory_unavailable']);
    expect((await system.call('orders')('GET', '/orders', { token })).body).toEqual(before.body);
    await system.start('inventory');
    const stocked = await system.call('inventory')('PUT', `/stock/${sku}`, {
      token: await system.token(audiences.inventory),
      body: { quantity: 1 },
    });
    expect(stocked.status).toBe(200);
    expect(
      await system.call('orders')('POST', '/orders', { token, body: { sku, quantity: 1 } }),
    ).toMatchObject({
      status: 201,
      body: { status: 'reserved' },
    });
  });

  it('go on with known tokens where the issuer is away', async () => {
    const token = await system.token(audiences.orders);
    expect((await system.call('orders')('GET', '/orders', { token })).status).toBe(200);
    await system.stop('issuer');
    expect((await system.call('orders')('GET', '/orders', { token })).status).toBe(200);
    await system.start('issuer');
  });

  it('wrote no secret and no token', async () => {
    const secrets = await Promise.all(
      ['orders', 'inventory', 'storefront'].map((name) => system.secret(name)),
    );
    expect(findSecrets(system.output, secrets)).toEqual([]);
  });
});

describe('a service without its issuer', () => {
  it('boots, refuses with 503 while keys cannot be had, and recovers by itself', async () => {
    await using system = await System.create();
    await system.start('issuer');
    const token = await system.token(audiences.orders);
    await system.stop('issuer');
    await system.start('orders');
    const refused = await system.call('orders')('GET', '/orders', { token });
    expect([refused.status, refused.code]).toEqual([503, 'keys_unavailable']);
    await system.start('issuer');
    await expect
      .poll(async () => (await system.call('orders')('GET', '/orders', { token })).status, {
        timeout: 15_000,
      })
      .toBe(200);
  });
});

describe('a port that is taken', () => {
  it.each(['issuer', 'orders'] as const)('stops %s with a line that names it', async (name) => {
    await using system = await System.create();
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as AddressInfo;
    const running = await startProcess({
      entry: new URL(`../../${name}/dist/main.js`, import.meta.url),
      env: {
        ...system.environmentOf('orders'),
        M2M_CLIENT_SECRET_FILE: import.meta.filename,
        ISSUER_DATA_DIR: system.dataDir,
      },
      port,
      ready: async () => true,
    });
    expect(await running.exit).toMatchObject({ code: 1, signal: null });
    expect(running.output).toContain(`port ${port}`);
    squatter.close();
  });
});
