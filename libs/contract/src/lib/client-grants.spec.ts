import { describe, expect, it } from 'vitest';
import { clientGrants } from './client-grants.js';
import type { Contract } from './contract.js';

const contract = (service: string, members: Partial<Contract> = {}): Contract => ({
  service,
  audience: `https://${service}.example`,
  scopes: {},
  allows: {},
  calls: {},
  ...members,
});

const inventory = contract('inventory', {
  scopes: { 'read:stock': 'Read', 'write:stock': 'Write' },
  allows: { orders: ['write:stock', 'read:stock'], job: ['read:stock'] },
});
const orders = contract('orders', { calls: { inventory: ['write:stock', 'read:stock'] } });
const grant = {
  client: 'orders',
  api: 'inventory',
  audience: 'https://inventory.example',
  scopes: ['read:stock', 'write:stock'],
};

describe('clientGrants', () => {
  it('grants what is both needed and allowed, sorted', () => {
    const job: Contract = {
      ...contract('job', { calls: { inventory: ['read:stock', 'write:stock'] } }),
      audience: undefined,
    };
    expect(clientGrants([orders, job, inventory])).toEqual([
      { client: 'job', api: 'inventory', audience: 'https://inventory.example', scopes: ['read:stock'] },
      grant,
    ]);
  });

  it.each<[string, Contract[]]>([
    ['nobody needs it', [{ ...orders, calls: {} }, inventory]],
    ['nobody allows it', [orders, { ...inventory, allows: {} }]],
    ['the callee does not own it', [orders, { ...inventory, scopes: {} }]],
    ['the callee has no audience', [orders, { ...inventory, audience: undefined }]],
    ['there is no callee', [orders]],
    ['the caller exists twice', [orders, orders, inventory]],
    ['the callee exists twice', [orders, inventory, { ...inventory, audience: 'https://other.example' }]],
  ])('grants nothing where %s', (_, contracts) => {
    expect(clientGrants([orders, inventory])).toEqual([grant]);
    expect(clientGrants(contracts)).toEqual([]);
  });

  it('leaves the contracts as they are', () => {
    const calls = structuredClone(orders.calls);
    clientGrants([orders, inventory]);
    expect(orders.calls).toEqual(calls);
  });
});
