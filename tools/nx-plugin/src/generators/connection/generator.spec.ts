import { readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import connectionGenerator from './generator.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  write({ service: 'billing', audience: 'https://billing.example', scopes: { 'read:invoices': 'Read' } });
  write({
    service: 'inventory',
    audience: 'https://inventory.example',
    scopes: { 'read:stock': 'Read', 'write:stock': 'Write' },
    allows: { orders: ['read:stock'] },
  });
  write({ service: 'job' });
});

function write(contract: { service: string; [member: string]: unknown }) {
  tree.write(`apps/${contract.service}/contract.json`, JSON.stringify(contract));
}

const connect = (from: string, to: string, scopes: string) => connectionGenerator(tree, { from, to, scopes });
const contract = (service: string) =>
  readJson<Record<string, unknown>>(tree, `apps/${service}/contract.json`);
const written = () => tree.listChanges().map(({ path, content }) => `${path} ${content?.toString()}`);

describe('connection', () => {
  it('writes the need, the consent and what the caller knows of the callee', async () => {
    await connect('billing', 'inventory', 'read:stock');
    expect(contract('billing')['calls']).toEqual({ inventory: ['read:stock'] });
    expect(contract('inventory')['allows']).toEqual({ orders: ['read:stock'], billing: ['read:stock'] });
    expect(tree.read('apps/billing/src/callees.gen.ts', 'utf-8')).toContain('https://inventory.example');
  });

  it('changes nothing the second time', async () => {
    await connect('billing', 'inventory', 'read:stock,write:stock');
    const first = written();
    await connect('billing', 'inventory', 'write:stock, read:stock');
    expect(written()).toEqual(first);
  });

  it('adds scopes to a connection and keeps the others', async () => {
    await connect('billing', 'inventory', 'write:stock');
    await connect('billing', 'inventory', 'read:stock');
    expect(contract('billing')['calls']).toEqual({ inventory: ['write:stock', 'read:stock'] });
  });

  it('connects a pure client, and two services in both directions', async () => {
    await connect('job', 'billing', 'read:invoices');
    await connect('billing', 'inventory', 'read:stock');
    await connect('inventory', 'billing', 'read:invoices');
    expect(contract('billing')['allows']).toEqual({ job: ['read:invoices'], inventory: ['read:invoices'] });
  });

  it.each([
    ['biling', 'inventory', 'read:stock', 'Choose one of: billing, inventory, job.'],
    ['billing', '../inventory', 'read:stock', 'Choose one of: inventory.'],
    ['billing', 'billing', 'read:invoices', 'Choose one of: inventory.'],
    ['billing', 'job', 'read:stock', 'Choose one of: inventory.'],
    ['', 'inventory', 'read:stock', 'Choose one of: billing, inventory, job.'],
    ['billing', 'inventory', 'raed:stock', 'Its scopes: read:stock, write:stock.'],
    ['billing', 'inventory', 'read:stock,', 'Its scopes: read:stock, write:stock.'],
    ['billing', 'inventory', 'toString', 'Its scopes: read:stock, write:stock.'],
  ])('refuses %j → %j with %j, lists the choices and writes nothing', async (from, to, scopes, choices) => {
    const before = written();
    await expect(connect(from, to, scopes)).rejects.toThrow(choices);
    expect(written()).toEqual(before);
    await expect(connect('billing', 'inventory', 'read:stock')).resolves.toBeUndefined();
  });
});
