import { addProjectConfiguration, readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import serviceGenerator from './generator.ts';
import type { ServiceGeneratorOptions } from './schema.d.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: 'acme' }));
  tree.write('tsconfig.json', JSON.stringify({ files: [], references: [{ path: './apps/orders' }] }));
  tree.write('libs/contract/contract.schema.json', '{}');
  tree.write(
    'apps/orders/contract.json',
    JSON.stringify({
      service: 'orders',
      audience: 'https://orders.acme.example',
      port: 4107,
      scopes: { 'read:orders': 'Read any order' },
    }),
  );
  addProjectConfiguration(tree, 'bench', { root: 'tools/bench' });
});

const generate = (
  name: string,
  scopes = 'read:invoices,write:invoices',
  options: Partial<ServiceGeneratorOptions> = {},
) => serviceGenerator(tree, { name, scopes, skipInstall: true, ...options });

const text = (path: string) => tree.read(path, 'utf-8')?.replaceAll('"', "'") ?? '';

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

  it('calls what it is told to call, and writes it into both contracts', async () => {
    await generate('billing', 'read:invoices', { calls: 'orders:read:orders' });
    expect(readJson<object>(tree, 'apps/billing/contract.json')).toMatchObject({
      calls: { orders: ['read:orders'] },
    });
    expect(readJson<object>(tree, 'apps/orders/contract.json')).toMatchObject({
      allows: { billing: ['read:orders'] },
    });
    expect(text('apps/billing/src/app/app.module.ts')).toContain('OrdersConnectionModule');
  });

  it('allows whom it is told to allow, and leaves their contracts alone', async () => {
    const before = readJson<object>(tree, 'apps/orders/contract.json');
    await generate('billing', 'read:invoices,write:invoices', { allows: 'orders:read:invoices' });
    expect(readJson<object>(tree, 'apps/billing/contract.json')).toMatchObject({
      allows: { orders: ['read:invoices'] },
    });
    expect(readJson<object>(tree, 'apps/orders/contract.json')).toEqual(before);
  });

  it.each([
    [{ calls: 'order:read:orders' }, 'Choose one of: orders.'],
    [{ calls: 'orders:raed:orders' }, 'Its scopes: read:orders.'],
    [{ calls: 'orders' }, '--calls cannot be read at "orders"'],
    [{ calls: 'orders:read:orders,' }, '--calls cannot be read at ""'],
    [{ allows: 'storefront:read:invoices' }, 'Choose one of: orders.'],
    [{ allows: 'orders:read:orders' }, 'Its scopes: read:invoices, write:invoices.'],
    [{ allows: ':read:invoices' }, '--allows cannot be read at'],
    [{ port: '4107' }, 'Port 4107 is that of orders.'],
    [{ port: 4100 }, 'Port 4100 is that of issuer.'],
    [{ port: '0' }, 'Write a number from 1 to 65535, or auto.'],
    [{ port: '70000' }, 'Write a number from 1 to 65535, or auto.'],
    [{ port: '41O8' }, 'Write a number from 1 to 65535, or auto.'],
  ])('refuses %j, says why and writes nothing', async (options, reason) => {
    const before = written();
    await expect(generate('billing', undefined, options)).rejects.toThrow(reason);
    expect(written()).toEqual(before);
  });

  it('listens on the port that it is told', async () => {
    await generate('billing', undefined, { port: 4555 });
    expect(readJson<{ port: number }>(tree, 'apps/billing/contract.json').port).toBe(4555);
  });

  it('runs on Express where it is told to', async () => {
    await generate('billing', undefined, { adapter: 'express' });
    expect(text('apps/billing/src/service.ts')).toContain("adapter: 'express'");
    expect(text('apps/billing/package.json')).toContain("'@nestjs/platform-express'");
    await generate('shipping');
    expect(text('apps/shipping/src/service.ts')).not.toContain('adapter');
  });

  it.each([
    ['tcp', "@MessagePattern('billing.invoices.list')", 'tcp://127.0.0.1:5108'],
    ['nats', "@MessagePattern('billing.invoices.list')", 'nats://127.0.0.1:4222'],
    ['grpc', "@GrpcMethod('Invoices', 'List')", 'grpc://127.0.0.1:5108'],
  ] as const)('takes messages over %s, each guarded by a scope', async (transport, pattern, url) => {
    await generate('billing', undefined, { transport });
    const controller = text('apps/billing/src/app/invoices/invoices.messages.ts');
    expect(controller).toContain(pattern);
    const handlers = controller.match(/@(?:MessagePattern|GrpcMethod)\(/g);
    expect(controller.match(/@RequireScopes\(/g)).toHaveLength(handlers?.length ?? -1);
    expect(text('apps/billing/src/service.ts')).toContain(`defaultUrl: '${url}'`);
    expect(tree.exists('apps/billing/proto/billing.proto')).toBe(transport === 'grpc');
  });

  it('stamps what it made', async () => {
    await generate('billing', undefined, { transport: 'tcp' });
    expect(readJson<object>(tree, 'apps/billing/package.json')).toMatchObject({
      countersign: { kind: 'service', transport: 'tcp', adapter: 'fastify', resource: 'invoices' },
    });
  });

  it('has an image that runs as a plain user and holds no secret', async () => {
    await generate('billing');
    const image = text('apps/billing/Dockerfile');
    expect(image.match(/^FROM /gm)).toHaveLength(2);
    expect(image).toMatch(/^USER node$/m);
    expect(image).not.toMatch(/^(?:ENV|ARG).*(?:SECRET|KEY|TOKEN)/m);
    expect(text('.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(['.countersign', '**/.env', '**/*.pem', '.git']),
    );
  });

  it('gives it an owner in CODEOWNERS, once, and only where that file exists', async () => {
    await generate('shipping');
    expect(tree.exists('CODEOWNERS')).toBe(false);
    tree.write('.github/CODEOWNERS', '* @acme/platform\n');
    await generate('billing');
    await generate('reports', 'read:reports', { owner: '@acme/reports' });
    expect(text('.github/CODEOWNERS')).toBe(
      '* @acme/platform\n/apps/billing/ @acme/platform\n/apps/reports/ @acme/reports\n',
    );
  });

  it('leaves out a resource that would clash with what every app has', async () => {
    await generate('billing', 'read:app,write:auth');
    expect(tree.exists('apps/billing/src/app/billing/billing.controller.ts')).toBe(true);
  });
});
