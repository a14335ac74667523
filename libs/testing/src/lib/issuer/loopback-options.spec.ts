import { type Contract } from '@countersign/contract';
import { describe, expect, it } from 'vitest';
import { loopbackOptions } from './loopback-options.js';

const orders: Contract = {
  service: 'orders',
  audience: 'https://orders.example',
  scopes: { 'read:orders': 'Read', 'write:orders': 'Write' },
  tokenLifetime: 600,
  allows: { storefront: ['read:orders'] },
  calls: {},
};
const storefront: Contract = {
  service: 'storefront',
  scopes: {},
  allows: {},
  calls: { orders: ['read:orders', 'write:orders'] },
};

describe('loopbackOptions', () => {
  it('makes an API of each audience and a client of each service, granted what both sides agree on', () => {
    expect(loopbackOptions([orders, storefront])).toEqual({
      apis: [
        { audience: 'https://orders.example', scopes: ['read:orders', 'write:orders'], tokenLifetime: 600 },
      ],
      clients: [
        { clientId: 'orders', grants: {} },
        { clientId: 'storefront', grants: { 'https://orders.example': ['read:orders'] } },
      ],
    });
  });
});
