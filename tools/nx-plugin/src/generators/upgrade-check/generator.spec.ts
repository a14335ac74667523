import { readFileSync } from 'node:fs';
import { logger, readJson, updateJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { format, resolveConfig } from 'prettier';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { frameworkFile, frameworkFiles } from '../../workspace/framework-files.ts';
import clientGenerator from '../client/generator.ts';
import connectionGenerator from '../connection/generator.ts';
import serviceGenerator from '../service/generator.ts';
import upgradeCheckGenerator from './generator.ts';

let tree: Tree;
beforeEach(async () => {
  vi.spyOn(logger, 'info').mockReturnValue();
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: 'acme' }));
  await serviceGenerator(tree, { name: 'billing', scopes: 'read:invoices', skipInstall: true });
  await clientGenerator(tree, { name: 'nightly', calls: 'billing:read:invoices', skipInstall: true });
});

const text = (path: string) => tree.read(path, 'utf-8') ?? '';
const printed = () => vi.mocked(logger.info).mock.calls.flat().join('\n');

describe('upgrade-check', () => {
  it('finds nothing in what was just generated', async () => {
    const before = tree.listChanges().map(({ path, content }) => `${path} ${content?.toString()}`);
    await upgradeCheckGenerator(tree, {});
    expect(printed()).toBe('Nothing drifted in 2 generated apps.');
    expect(tree.listChanges().map(({ path, content }) => `${path} ${content?.toString()}`)).toEqual(before);
  });

  it('shows how the framework’s files drifted and converges them, and leaves the user’s alone', async () => {
    const main = text('apps/billing/src/main.ts');
    tree.write('apps/billing/src/main.ts', main.replace('await startService(service);', 'void 0;'));
    tree.delete('apps/nightly/vitest.config.mts');
    tree.write('apps/billing/src/app/app.module.ts', '// mine\n');
    await upgradeCheckGenerator(tree, {});
    expect(printed()).toMatch(
      /apps\/billing\/src\/main\.ts\n\s+- void 0;\n\s+\+ await startService\(service\);/,
    );
    expect(printed()).toMatch(/apps\/nightly\/vitest\.config\.mts\n\s+\+ \(the file was missing\)/);
    expect(text('apps/billing/src/main.ts')).toBe(main);
    expect(text('apps/billing/src/app/app.module.ts')).toBe('// mine\n');
  });

  it('lists the user’s files that differ from today’s templates, with what differs, and leaves them alone', async () => {
    const file = 'apps/billing/src/app/invoices/invoices.controller.ts';
    const own = text(file).replace('@Get()', "@Get('all')");
    expect(own).not.toBe(text(file));
    tree.write(file, own);
    tree.delete('apps/billing/README.md');
    tree.write('apps/nightly/src/app/more.ts', 'export {};\n');
    await upgradeCheckGenerator(tree, {});
    expect(printed()).toMatch(
      /^1 files of yours .*stay as they are:\napps\/billing\/\S+controller\.ts\n\s+- .*@Get\('all'\)\n\s+\+ .*@Get\(\)$/,
    );
    expect(text(file)).toBe(own);
    expect(tree.exists('apps/billing/README.md')).toBe(false);
  });

  it('knows the connections that were made later', async () => {
    await serviceGenerator(tree, {
      name: 'ledger',
      scopes: 'read:entries',
      transport: 'grpc',
      calls: 'billing:read:invoices',
      skipInstall: true,
    });
    await connectionGenerator(tree, { from: 'billing', to: 'ledger', scopes: 'read:entries' });
    await upgradeCheckGenerator(tree, {});
    expect(printed()).toBe('Nothing drifted in 3 generated apps.');
  });

  it('compares nothing of the user’s where the first resource is no longer what was generated', async () => {
    tree.write('apps/billing/src/app/app.module.ts', '// mine\n');
    updateJson<{ countersign: { resource?: string } }>(tree, 'apps/billing/package.json', (manifest) => {
      delete manifest.countersign.resource;
      return manifest;
    });
    await upgradeCheckGenerator(tree, { name: 'billing' });
    expect(printed()).toBe('Nothing drifted in 1 generated apps.');
  });

  it('keeps the TypeScript references, which nx sync owns', async () => {
    const references = [{ path: '../../libs/m2m/tsconfig.lib.json' }];
    updateJson<object>(tree, 'apps/billing/tsconfig.lib.json', (tsconfig) => ({
      ...tsconfig,
      include: [],
      references,
    }));
    await upgradeCheckGenerator(tree, { name: 'billing' });
    expect(readJson<object>(tree, 'apps/billing/tsconfig.lib.json')).toMatchObject({
      include: ['src/**/*.ts', 'contract.json'],
      references,
    });
  });

  it('stamps an app with the version that it is now of', async () => {
    updateJson<object>(tree, 'apps/billing/package.json', (manifest) => ({
      ...manifest,
      countersign: { kind: 'service', version: '0.0.1', transport: 'http' },
    }));
    await upgradeCheckGenerator(tree, {});
    expect(
      readJson<{ countersign: object }>(tree, 'apps/billing/package.json').countersign,
    ).not.toMatchObject({ version: '0.0.1' });
  });

  it('refuses an app that no generator made, and lists the others', async () => {
    tree.write('apps/orders/contract.json', JSON.stringify({ service: 'orders' }));
    await expect(upgradeCheckGenerator(tree, { name: 'orders' })).rejects.toThrow(
      'Choose one of: billing, nightly.',
    );
  });
});

describe.each(['orders', 'inventory'])('the app %s', (name) => {
  const root = new URL(`../../../../../apps/${name}/`, import.meta.url);

  it.each([...frameworkFiles('service')])(
    'has the %s that the generator would write today',
    async (path, template) => {
      const current = readFileSync(new URL(path, root), 'utf8');
      const style = await resolveConfig(new URL(path, root), { editorconfig: true });
      const today = await format(frameworkFile(path, template, current), { ...style, filepath: path });
      expect(current).toBe(today);
    },
  );

  it('has the package.json of a generated service, up to what it needs beside', async () => {
    const own = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Record<string, object>;
    const generated = readJson<Record<string, object>>(tree, 'apps/billing/package.json');
    for (const member of ['version', 'private', 'license', 'type', 'engines']) {
      expect(own[member]).toEqual(generated[member]);
    }
    expect(own['nx']).toEqual({ ...generated['nx'], name });
    expect(own['dependencies']).toMatchObject(generated['dependencies'] ?? {});
    expect(own['peerDependencies']).toMatchObject(generated['peerDependencies'] ?? {});
    expect(own['countersign']).toEqual({
      kind: 'service',
      version: generated['version'],
      transport: 'http',
      adapter: 'fastify',
    });
  });
});
