import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { afterAll, expect, it } from 'vitest';
import serviceGenerator from './generator.ts';
import type { ServiceGeneratorOptions } from './schema.d.ts';

const folder = join(import.meta.dirname, '../../../test-output/services');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Bootstrap {
  readonly openApiFile: (service: unknown) => Promise<string>;
}

/** What the service itself says of its API; it is loaded by name, since the plugin is built without the libraries. */
async function documentOf(name: string): Promise<unknown> {
  const load = (module: string) => import(/* @vite-ignore */ module) as Promise<unknown>;
  const { service } = (await load(join(folder, `apps/${name}/src/service.ts`))) as { service: unknown };
  const { openApiFile } = (await load('@countersign/bootstrap')) as Bootstrap;
  return JSON.parse(await openApiFile(service));
}

const services: ServiceGeneratorOptions[] = [
  { name: 'billing', scopes: 'read:invoices,write:invoices' },
  { name: 'reports', scopes: 'read:reports', adapter: 'express' },
  { name: 'stock-room', scopes: 'write:stock-items,read:stock-items', transport: 'grpc' },
];

it.each(services)('the openapi.json of a new service is what it says itself: $name', async (options) => {
  const tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: 'acme' }));
  await serviceGenerator(tree, { ...options, skipInstall: true });
  for (const { path, content } of tree.listChanges()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content ?? '');
  }
  const written = tree.read(`apps/${options.name}/openapi.json`, 'utf-8') ?? '';
  expect(JSON.parse(written)).toEqual(await documentOf(options.name));
});
