import { addProjectConfiguration, readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import serviceGenerator from './generator.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: 'acme' }));
  tree.write('tsconfig.json', JSON.stringify({ files: [], references: [{ path: './apps/orders' }] }));
  tree.write('apps/orders/contract.json', JSON.stringify({ service: 'orders', port: 4107 }));
  addProjectConfiguration(tree, 'bench', { root: 'tools/bench' });
});

const generate = (name: string, scopes = 'read:invoices,write:invoices') =>
  serviceGenerator(tree, { name, scopes, skipInstall: true });

const written = () =>
  tree
    .listChanges()
    .map(({ path, content }) => `${path} ${content?.toString()}`)
    .sort();

describe('service', () => {
  it('writes the contract, with the next port and the audience of the workspace', async () => {
    await generate('billing');
    expect(readJson<object>(tree, 'apps/billing/contract.json')).toEqual({
      $schema: '../../libs/contract/contract.schema.json',
      service: 'billing',
      audience: 'https://billing.acme.example',
      port: 4108,
      scopes: { 'read:invoices': 'Read invoices', 'write:invoices': 'Write invoices' },
      tokenLifetime: 3600,
      allows: {},
      calls: {},
    });
  });

  it('writes an app that is built and tested with the others', async () => {
    await generate('billing');
    expect(readJson<object>(tree, 'apps/billing/package.json')).toMatchObject({
      name: '@acme/billing',
      nx: { name: 'billing', tags: ['type:app'] },
    });
    expect(readJson<object>(tree, 'tsconfig.json')).toMatchObject({
      references: [{ path: './apps/orders' }, { path: './apps/billing' }],
    });
  });

  it('guards each route by a scope of the contract', async () => {
    await generate('billing');
    const file = 'apps/billing/src/app/invoices/invoices.controller.ts';
    const controller = tree.read(file, 'utf-8')?.replaceAll('"', "'") ?? '';
    expect(
      [...controller.matchAll(/@(?:Get|Post|RequireScopes)\(.*\)/g)].map(([decorator]) => decorator),
    ).toEqual([
      '@Post()',
      "@RequireScopes('write:invoices')",
      '@Get()',
      "@RequireScopes('read:invoices')",
      "@Get(':id')",
      "@RequireScopes('read:invoices')",
    ]);
  });

  it('makes a resource that can only be read where no scope is for writing', async () => {
    await generate('reports', 'read:reports');
    const files = tree.listChanges().filter(({ path }) => path.startsWith('apps/reports/'));
    expect(
      files.map(({ content }) => content?.toString()).filter((text) => /Post|POST/.test(text ?? '')),
    ).toEqual([]);
  });

  it.each([
    ['health:read:health', 'billing'],
    ['read:docs', 'billing'],
    ['admin', 'admin'],
    ['https://acme.example/read', 'billing'],
  ])('names the resource of %s /%s', async (scope, resource) => {
    await generate('billing', scope);
    expect(tree.exists(`apps/billing/src/app/${resource}/${resource}.controller.ts`)).toBe(true);
  });

  it('gives each service a port of its own', async () => {
    await generate('billing');
    await generate('shipping');
    expect(readJson<{ port: number }>(tree, 'apps/shipping/contract.json').port).toBe(4109);
  });

  it.each([
    ['', 'lower-case letter'],
    ['Billing', 'lower-case letter'],
    ['../billing', 'lower-case letter'],
    ['a/b', 'lower-case letter'],
    ['1st', 'lower-case letter'],
    ['a'.repeat(200), 'lower-case letter'],
    ['billing\n', 'lower-case letter'],
    ['constructor', 'JavaScript object'],
    ['auth', 'prefixes'],
    ['m2m-redis', 'prefixes'],
    ['issuer', 'prefixes'],
    ['orders', 'a project of this name'],
    ['bench', 'a project of this name'],
    ['drafts', 'a folder apps/drafts'],
  ])('refuses the name %j and writes nothing', async (name, reason) => {
    tree.write('apps/drafts/notes.md', '');
    const before = written();
    await expect(generate(name)).rejects.toThrow(reason);
    expect(written()).toEqual(before);
    await expect(generate('billing')).resolves.toBeTypeOf('function');
  });

  it.each([
    '',
    'read invoices',
    'read:invoices,,write:invoices',
    'lire:entrées',
    '__proto__',
    'a'.repeat(256),
  ])('refuses the scopes %j and writes nothing', async (scopes) => {
    const before = written();
    await expect(generate('billing', scopes)).rejects.toThrow('No scope can be named');
    expect(written()).toEqual(before);
  });

  it('refuses to overwrite what it made', async () => {
    await generate('billing');
    tree.write('apps/billing/src/app/app.module.ts', '// mine');
    const before = written();
    await expect(generate('billing')).rejects.toThrow('a project of this name');
    expect(written()).toEqual(before);
  });

  it('writes a scope as data, never as code', async () => {
    const scope = "read:');process.exit(1);//";
    await generate('billing', scope);
    const controller = tree.read('apps/billing/src/app/billing/billing.controller.ts', 'utf-8') ?? '';
    expect(controller).toContain(`@RequireScopes(${JSON.stringify(scope)})`);
  });
});
