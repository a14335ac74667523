import { readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import serviceGenerator from '../service/generator.ts';
import clientGenerator from './generator.ts';

let tree: Tree;
beforeEach(async () => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: 'acme' }));
  tree.write('tsconfig.json', '{ "files": [] }');
  await serviceGenerator(tree, { name: 'stock', scopes: 'read:stock', skipInstall: true });
  await serviceGenerator(tree, {
    name: 'ledger',
    scopes: 'read:entries',
    transport: 'tcp',
    skipInstall: true,
  });
});

const generate = (name: string, calls: string) => clientGenerator(tree, { name, calls, skipInstall: true });
const text = (path: string) => tree.read(path, 'utf-8')?.replaceAll('"', "'") ?? '';
const written = () =>
  tree
    .listChanges()
    .map(({ path, content }) => `${path} ${content?.toString()}`)
    .sort();

describe('client', () => {
  it('makes an app without HTTP that calls what it is told to call', async () => {
    await generate('nightly', 'stock:read:stock,ledger:read:entries');
    expect(readJson<object>(tree, 'apps/nightly/contract.json')).toEqual({
      $schema: '../../node_modules/@countersign/contract/contract.schema.json',
      service: 'nightly',
      calls: { stock: ['read:stock'], ledger: ['read:entries'] },
    });
    expect(readJson<object>(tree, 'apps/stock/contract.json')).toMatchObject({
      allows: { nightly: ['read:stock'] },
    });
    expect(text('apps/nightly/src/main.ts')).toContain('createApplicationContext');
    expect(text('apps/nightly/src/client.ts')).toMatch(/ledgerMessages: messageEnv\(/);
    expect(text('apps/nightly/src/app/app.module.ts')).toMatch(
      /M2mModule\.forRoot\(m2m\),\s+StockConnectionModule,\s+LedgerConnectionModule\.forRoot\(ledgerMessages\)/,
    );
    expect(readJson<object>(tree, 'apps/nightly/package.json')).toMatchObject({
      countersign: { kind: 'client' },
      nx: { tags: ['type:app'] },
    });
  });

  it.each([
    ['nightly', '', 'calls nothing'],
    ['nightly', 'shop:read:stock', 'Choose one of: ledger, stock.'],
    ['nightly', 'stock:write:stock', 'Its scopes: read:stock.'],
    ['stock', 'ledger:read:entries', 'a project of this name'],
    ['../nightly', 'stock:read:stock', 'lower-case letter'],
  ])('refuses %j with %j, says why and writes nothing', async (name, calls, reason) => {
    const before = written();
    await expect(generate(name, calls)).rejects.toThrow(reason);
    expect(written()).toEqual(before);
  });
});
