import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import deriveDefaultUrls from './migration.ts';

const before = `import { defineService } from '@countersign/bootstrap';
import { m2mEnv } from '@countersign/m2m';
import { callees } from './callees.gen.js';
import { contractFile } from './contract.js';

/** Where the services that this one calls are on a laptop. */
const defaultUrls = { inventory: 'http://localhost:4102' };

/** The orders service. */
export const service = defineService({
  contract: contractFile,
  environment: (contract) => ({ m2m: m2mEnv(contract, callees, { defaultUrls }) }),
  module: ({ m2m }) => AppModule.forRoot({ m2m }),
});
`;

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('.prettierrc', '{ "singleQuote": true, "printWidth": 110 }');
  const orders = { service: 'orders', calls: { inventory: ['read:stock'] } };
  tree.write('apps/orders/contract.json', JSON.stringify(orders));
  const inventory = { service: 'inventory', audience: 'https://inventory.example', port: 4102 };
  tree.write('apps/inventory/contract.json', JSON.stringify(inventory));
});

const service = () => tree.read('apps/orders/src/service.ts', 'utf-8') ?? '';

describe('derive-default-urls', () => {
  it('takes the URLs out of the service and derives them from the contract', async () => {
    tree.write('apps/orders/src/service.ts', before);
    await deriveDefaultUrls(tree);
    expect(service()).toContain("import { callees, defaultUrls } from './callees.gen.js';");
    expect(service()).not.toContain('localhost:4102');
    expect(service()).not.toContain('Where the services that this one calls');
    expect(tree.read('apps/orders/src/callees.gen.ts', 'utf-8')).toContain(
      "inventory: 'http://localhost:4102'",
    );
  });

  it('changes nothing the second time, nor in a service that imports them already', async () => {
    tree.write('apps/orders/src/service.ts', before);
    await deriveDefaultUrls(tree);
    const first = service();
    await deriveDefaultUrls(tree);
    expect(service()).toBe(first);
  });

  it('leaves a service alone that has none', async () => {
    const plain = "export const service = { name: 'orders' };\n";
    tree.write('apps/orders/src/service.ts', plain);
    await deriveDefaultUrls(tree);
    expect(service()).toBe(plain);
  });
});
