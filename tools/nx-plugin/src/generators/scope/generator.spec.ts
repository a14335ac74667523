import { logger, readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import scopeGenerator from './generator.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  const orders = {
    service: 'orders',
    audience: 'https://orders.example',
    scopes: { 'read:orders': 'Read any order' },
    allows: {},
  };
  tree.write('apps/orders/contract.json', JSON.stringify(orders));
  tree.write('apps/job/contract.json', JSON.stringify({ service: 'job' }));
});

const add = (service: string, name: string, description = 'Cancel orders') =>
  scopeGenerator(tree, { service, name, description });
const scopes = () => readJson<{ scopes: object }>(tree, 'apps/orders/contract.json').scopes;

describe('scope', () => {
  it('adds a scope with its description, and nothing the second time', async () => {
    await add('orders', 'cancel:orders');
    const first = tree.read('apps/orders/contract.json', 'utf-8');
    expect(scopes()).toEqual({ 'read:orders': 'Read any order', 'cancel:orders': 'Cancel orders' });
    await add('orders', 'cancel:orders', ' Cancel orders ');
    expect(tree.read('apps/orders/contract.json', 'utf-8')).toBe(first);
  });

  it('says how the OpenAPI document of the service comes to name it, where there is one', async () => {
    const info = vi.spyOn(logger, 'info').mockReturnValue();
    await add('orders', 'cancel:orders');
    expect(info).not.toHaveBeenCalled();
    tree.write('apps/orders/openapi.json', '{}');
    await add('orders', 'close:orders');
    await add('orders', 'close:orders');
    expect(info).toHaveBeenCalledExactlyOnceWith(
      'apps/orders/openapi.json does not name the scope yet: run nx openapi orders, then nx sync.',
    );
  });

  it.each([
    ['order', 'cancel:orders', undefined, 'Choose one of: orders.'],
    ['job', 'cancel:orders', undefined, 'Choose one of: orders.'],
    ['orders', 'cancel orders', undefined, 'No scope can be named'],
    ['orders', 'toString', undefined, 'No scope can be named'],
    ['orders', 'cancel:orders', ' ', 'in a sentence'],
    ['orders', 'cancel:orders', 'a'.repeat(1_001), 'in a sentence'],
    ['orders', 'read:orders', 'Another sentence', 'owns read:orders already: Read any order'],
  ])('refuses %s %s %s, says why and writes nothing', async (service, name, description, reason) => {
    await expect(add(service, name, description)).rejects.toThrow(reason);
    expect(scopes()).toEqual({ 'read:orders': 'Read any order' });
  });
});
