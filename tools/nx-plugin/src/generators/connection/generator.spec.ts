import { logger, readJson, updateJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import serviceGenerator from '../service/generator.ts';
import type { ServiceTransport } from '../service/schema.d.ts';
import connectionGenerator from './generator.ts';

let tree: Tree;
beforeEach(() => {
  vi.spyOn(logger, 'warn').mockReturnValue();
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: 'acme' }));
  tree.write('tsconfig.json', '{ "files": [] }');
  write({ service: 'billing', audience: 'https://billing.example', scopes: { 'read:invoices': 'Read' } });
  write({
    service: 'inventory',
    audience: 'https://inventory.example',
    port: 4102,
    scopes: { 'read:stock': 'Read', 'write:stock': 'Write' },
    allows: { orders: ['read:stock'] },
  });
  write({ service: 'job' });
});

function write(contract: { service: string; [member: string]: unknown }) {
  tree.write(`apps/${contract.service}/contract.json`, JSON.stringify(contract));
}

const generate = (name: string, transport: ServiceTransport = 'http') =>
  serviceGenerator(tree, { name, scopes: `read:${name}-items`, transport, skipInstall: true });
const connect = (from: string, to: string, scopes: string) => connectionGenerator(tree, { from, to, scopes });
const contract = (service: string) =>
  readJson<Record<string, unknown>>(tree, `apps/${service}/contract.json`);
const text = (path: string) => tree.read(path, 'utf-8') ?? '';
const plain = (path: string) => text(path).replaceAll('"', "'");
const written = () =>
  tree
    .listChanges()
    .map(({ path, content }) => `${path} ${content?.toString()}`)
    .sort();

describe('connection', () => {
  it('writes the need, the consent and what the caller knows of the callee', async () => {
    await connect('billing', 'inventory', 'read:stock');
    expect(contract('billing')['calls']).toEqual({ inventory: ['read:stock'] });
    expect(contract('inventory')['allows']).toEqual({ orders: ['read:stock'], billing: ['read:stock'] });
    expect(text('apps/billing/src/callees.gen.ts')).toContain('https://inventory.example');
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

  describe('between generated services', () => {
    beforeEach(() => generate('shipping'));

    it('wires tokens, client and module into the caller', async () => {
      await connect('shipping', 'inventory', 'read:stock');
      expect(plain('apps/shipping/src/service.ts')).toContain(
        'm2m: m2mEnv(contract, callees, { defaultUrls })',
      );
      expect(plain('apps/shipping/src/service.ts')).toContain('AppModule.forRoot({ auth, m2m })');
      const rootModule = plain('apps/shipping/src/app/app.module.ts');
      expect(rootModule).toContain('forRoot({ auth, m2m }: AppOptions)');
      expect(rootModule).toMatch(/M2mModule\.forRoot\(m2m\),\s+InventoryConnectionModule,/);
      expect(rootModule).toContain("from '../connections/inventory/inventory-connection.module.js'");
      expect(text('apps/shipping/.env.example')).toContain('INVENTORY_URL=http://localhost:4102\n');
      expect(readJson<object>(tree, 'apps/shipping/package.json')).toMatchObject({
        dependencies: { '@countersign/m2m': expect.any(String) as string },
        peerDependencies: { axios: expect.any(String) as string },
      });
      expect(tree.exists('apps/shipping/test/inventory-connection.e2e-spec.ts')).toBe(true);
      expect(logger.warn).not.toHaveBeenCalled();
    });

    it.each([
      ['tcp', "'tcp://127.0.0.1:5104'"],
      ['nats', "'nats://127.0.0.1:4222'"],
      ['grpc', "'grpc://127.0.0.1:5104'"],
    ] as const)('reaches a callee that takes messages over %s', async (transport, url) => {
      await generate('ledger', transport);
      await connect('shipping', 'ledger', 'read:ledger-items');
      expect(plain('apps/shipping/src/callees.gen.ts')).toContain(`ledger: ${url},`);
      expect(plain('apps/shipping/src/service.ts')).toMatch(
        /variable: 'LEDGER_MESSAGES_URL',\s+defaultUrl: messageUrls\['ledger'\]/,
      );
      expect(plain('apps/shipping/src/app/app.module.ts')).toContain(
        'LedgerConnectionModule.forRoot(ledgerMessages)',
      );
      const folder = 'apps/shipping/src/connections/ledger';
      expect(plain(`${folder}/ledger-connection.module.ts`)).toContain(
        "M2mMessagesModule.register([{ callee: 'ledger', client }])",
      );
      expect(plain(`${folder}/ledger.client.ts`)).toContain("@InjectM2mMessages('ledger')");
      expect(text(`${folder}/ledger.client.ts`)).not.toMatch(/authorization|getToken/i);
      expect(text('apps/shipping/proto/ledger.proto')).toBe(text('apps/ledger/proto/ledger.proto'));
      expect(tree.exists('apps/shipping/proto/ledger.proto')).toBe(transport === 'grpc');
    });

    it.each([
      ['tcp', 'async ask<Schema'],
      ['grpc', 'service<Messages'],
    ] as const)(
      'leaves it to the caller what to ask a callee over %s that has other messages',
      async (transport, method) => {
        await generate('ledger', transport);
        updateJson<{ countersign: { resource?: string } }>(tree, 'apps/ledger/package.json', (manifest) => {
          delete manifest.countersign.resource;
          return manifest;
        });
        await connect('shipping', 'ledger', 'read:ledger-items');
        const client = text('apps/shipping/src/connections/ledger/ledger.client.ts');
        expect(client).toContain(method);
        expect(client).not.toContain('list()');
      },
    );

    it('gives the caller the typed client of the callee', async () => {
      await generate('ledger');
      const install = await connect('shipping', 'ledger', 'read:ledger-items');
      expect(install).toBeTypeOf('function');
      expect(tree.exists('libs/clients/ledger/src/ledger.client.gen.ts')).toBe(true);
      expect(readJson<object>(tree, 'apps/shipping/package.json')).toMatchObject({
        dependencies: { '@acme/ledger-client': '0.1.0' },
      });
      const client = plain('apps/shipping/src/connections/ledger/ledger.client.ts');
      expect(client).toContain("from '@acme/ledger-client'");
      expect(client).toContain('api.ledgerItems.list(options)');
      expect(await connect('shipping', 'ledger', 'read:ledger-items')).toBeUndefined();
    });

    it('changes nothing the second time, with many connections and a cycle', async () => {
      await generate('ledger', 'grpc');
      const all = async () => {
        await connect('shipping', 'inventory', 'read:stock,write:stock');
        await connect('shipping', 'ledger', 'read:ledger-items');
        await connect('ledger', 'shipping', 'read:shipping-items');
      };
      await all();
      const first = written();
      await all();
      expect(written()).toEqual(first);
    });

    it('keeps what the user changed', async () => {
      await connect('shipping', 'inventory', 'read:stock');
      const client = 'apps/shipping/src/connections/inventory/inventory.client.ts';
      tree.write(client, '// mine\n');
      const module = 'apps/shipping/src/app/app.module.ts';
      tree.write(
        module,
        text(module).replace('M2mModule.forRoot(m2m),', 'M2mModule.forRoot(m2m), /* mine */'),
      );
      await connect('shipping', 'inventory', 'write:stock');
      expect(text(client)).toBe('// mine\n');
      expect(text(module)).toContain('/* mine */');
      expect(text(module).match(/InventoryConnectionModule,/g)).toHaveLength(1);
    });

    it.each([
      [
        'HTTP',
        "import { InjectM2m } from '@countersign/m2m';\nclass A {\n  constructor(@InjectM2m('ledger') readonly http: HttpService) {}\n}\n",
      ],
      [
        'messages',
        "import { InjectM2mMessages } from '@countersign/m2m/messages';\nclass A {\n  constructor(@InjectM2mMessages('ledger') readonly client: ClientProxy) {}\n}\n",
      ],
      ['a module', "const own = M2mMessagesModule.register([{ callee: 'ledger', client: options }]);\n"],
    ])('leaves a client of the user’s own over %s alone', async (_, own) => {
      await generate('ledger', 'tcp');
      tree.write('apps/shipping/src/app/stock/stock.client.ts', own);
      await connect('shipping', 'ledger', 'read:ledger-items');
      expect(tree.exists('apps/shipping/src/connections')).toBe(false);
      expect(contract('shipping')['calls']).toEqual({ ledger: ['read:ledger-items'] });
    });

    it.each([
      ['service.ts', 'export const service = defineService(options);\n'],
      ['app/app.module.ts', '@Module({})\nexport class AppModule {}\n'],
    ])('says what is left to do where %s has a form of its own', async (file, content) => {
      tree.write(`apps/shipping/src/${file}`, content);
      await connect('shipping', 'inventory', 'read:stock');
      expect(text(`apps/shipping/src/${file}`)).toBe(content);
      expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining('M2mModule.forRoot'));
    });
  });
});
