import { type Contract } from '@countersign/contract';
import { describe, expect, it } from 'vitest';
import { serviceLoopbackOptions } from './service-loopback-options.js';

const orders: Contract = {
  service: 'orders',
  audience: 'https://orders.example',
  scopes: { 'read:orders': 'Read', 'write:orders': 'Write' },
  tokenLifetime: 600,
  allows: { storefront: ['read:orders'] },
  calls: { inventory: ['read:stock'] },
};
const callees = { inventory: { audience: 'https://inventory.example', scopes: ['read:stock'] } } as const;

describe('serviceLoopbackOptions', () => {
  it('knows the service, whom it calls and whom it allows, and grants no more than they agreed on', () => {
    expect(serviceLoopbackOptions(orders, callees, { clientSecret: 'a-known-secret' })).toEqual({
      apis: [
        { audience: 'https://orders.example', scopes: ['read:orders', 'write:orders'], tokenLifetime: 600 },
        { audience: 'https://inventory.example', scopes: ['read:stock'] },
      ],
      clients: [
        {
          clientId: 'orders',
          clientSecret: 'a-known-secret',
          grants: { 'https://inventory.example': ['read:stock'] },
        },
        { clientId: 'storefront', grants: { 'https://orders.example': ['read:orders'] } },
      ],
    });
  });

  it('makes no API of a pure client', () => {
    const job: Contract = { service: 'job', scopes: {}, allows: {}, calls: {} };

    expect(serviceLoopbackOptions(job)).toEqual({ apis: [], clients: [{ clientId: 'job', grants: {} }] });
  });
});
