import { readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import clientGenerator from '../client/generator.ts';
import connectionGenerator from '../connection/generator.ts';
import serviceGenerator from '../service/generator.ts';
import type { ServiceTransport } from '../service/schema.d.ts';
import removeGenerator from './generator.ts';

let tree: Tree;
beforeEach(async () => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: 'acme' }));
  tree.write('tsconfig.json', '{ "files": [], "references": [] }');
  tree.write('CODEOWNERS', '* @acme/platform\n');
  await generate('stock');
  await generate('billing');
});

const generate = (name: string, transport: ServiceTransport = 'http') =>
  serviceGenerator(tree, { name, scopes: `read:${name}-items`, transport, skipInstall: true });
const connect = (from: string, to: string) =>
  connectionGenerator(tree, { from, to, scopes: `read:${to}-items` });
const remove = (options: { name?: string; from?: string; to?: string }) =>
  removeGenerator(tree, { ...options, skipInstall: true });

/** Every file of the workspace, as it is after Prettier. */
function snapshot(): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (folder: string) => {
    for (const name of tree.children(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (tree.isFile(path)) files.set(path, tree.read(path, 'utf-8') ?? '');
      else visit(path);
    }
  };
  visit('');
  return files;
}

const sources = () => [...snapshot()].filter(([path]) => !path.endsWith('package.json'));

describe('remove', () => {
  it.each(['http', 'tcp', 'nats', 'grpc'] as const)(
    'takes a connection over %s away without a trace, but for the packages',
    async (transport) => {
      await generate('ledger', transport);
      const before = sources();
      await connect('billing', 'ledger');
      expect(sources()).not.toEqual(before);
      await remove({ from: 'billing', to: 'ledger' });
      expect(sources()).toEqual(before);
    },
  );

  it('keeps the other connections of the caller', async () => {
    await generate('ledger', 'grpc');
    await connect('billing', 'stock');
    const before = sources();
    await connect('billing', 'ledger');
    await remove({ from: 'billing', to: 'ledger' });
    expect(sources()).toEqual(before);
  });

  it('keeps the typed client of a service until nobody calls it', async () => {
    await generate('ledger');
    await connect('billing', 'ledger');
    await connect('stock', 'ledger');
    await remove({ from: 'billing', to: 'ledger' });
    expect(tree.exists('libs/clients/ledger')).toBe(true);
    await remove({ from: 'stock', to: 'ledger' });
    expect(tree.exists('libs/clients/ledger')).toBe(false);
  });

  it('takes a service away with all its connections', async () => {
    await connect('billing', 'stock');
    const before = sources();
    await generate('ledger', 'tcp');
    await connect('billing', 'ledger');
    await connect('ledger', 'stock');
    await remove({ name: 'ledger' });
    expect(sources()).toEqual(before);
    expect(tree.exists('apps/ledger')).toBe(false);
    expect(readJson<object>(tree, 'apps/stock/contract.json')).toMatchObject({
      allows: { billing: ['read:stock-items'] },
    });
  });

  it('refuses while code of the user’s uses the connection, and names the files', async () => {
    await connect('billing', 'stock');
    const file = 'apps/billing/src/app/invoices/total.ts';
    tree.write(
      file,
      "import { StockClient } from '../../connections/stock/stock.client.js';\nexport type A = StockClient;\n",
    );
    const before = sources();
    await expect(remove({ from: 'billing', to: 'stock' })).rejects.toThrow(file);
    await expect(remove({ name: 'stock' })).rejects.toThrow(file);
    expect(sources()).toEqual(before);
    tree.write(file, "import type { StockApi } from '@acme/stock-client';\nexport type A = StockApi;\n");
    await expect(remove({ name: 'stock' })).rejects.toThrow(file);
    tree.delete(file);
    await expect(remove({ name: 'stock' })).resolves.toBeTypeOf('function');
  });

  it('refuses to leave a client that calls nothing', async () => {
    await clientGenerator(tree, { name: 'nightly', calls: 'stock:read:stock-items', skipInstall: true });
    await expect(remove({ name: 'stock' })).rejects.toThrow('all that nightly calls');
    await expect(remove({ from: 'nightly', to: 'stock' })).rejects.toThrow('all that nightly calls');
    await remove({ name: 'nightly' });
    await expect(remove({ name: 'stock' })).resolves.toBeTypeOf('function');
  });

  it.each([
    [{}, 'Name a service or client to remove'],
    [{ from: 'billing' }, 'Name a service or client to remove'],
    [{ name: 'billing', from: 'billing', to: 'stock' }, 'Name a service or client to remove'],
    [{ name: 'bill' }, 'Choose one of: billing, stock.'],
    [{ from: 'billing', to: 'stock' }, 'Choose one of: none.'],
  ])('refuses %j, and says what to do', async (options, reason) => {
    await expect(remove(options)).rejects.toThrow(reason);
  });
});
