import { readFileSync } from 'node:fs';
import { readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import clientsGenerator from './generator.ts';

const file = 'libs/clients/stock-room/src/stock-room.client.gen.ts';
const repository = new URL('../../../../../', import.meta.url);

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: '@acme/source', workspaces: ['apps/*'] }));
  tree.write('tsconfig.json', '{ "files": [], "references": [] }');
  contract('orders', { calls: { 'stock-room': ['read:stock'] } });
  contract('stock-room', { audience: 'https://stock.acme.example' });
  document({ '/stock/{sku}': { get: { operationId: 'StockController_find', ...sku, ...answers({}) } } });
});

const sku = { parameters: [{ name: 'sku', in: 'path', required: true, schema: { type: 'string' } }] };
const answers = (schema: object, status = 200) => ({
  responses: { [status]: { content: { 'application/json': { schema } } } },
});
const contract = (service: string, members: object) =>
  tree.write(`apps/${service}/contract.json`, JSON.stringify({ service, ...members }));
const document = (paths: object, more: object = {}) =>
  tree.write(
    'apps/stock-room/openapi.json',
    JSON.stringify({ openapi: '3.0.0', info: { title: 'x', version: '1' }, paths, ...more }),
  );
const source = () => tree.read(file, 'utf-8')?.replaceAll('"', "'") ?? '';
const written = () => tree.listChanges().map(({ path, content }) => `${path} ${content?.toString()}`);

describe('clients', () => {
  it('makes a library of the workspace for a service that is called', async () => {
    expect(await clientsGenerator(tree)).toMatchObject({ outOfSyncDetails: [file] });
    expect(readJson<object>(tree, 'libs/clients/stock-room/package.json')).toMatchObject({
      name: '@acme/stock-room-client',
      nx: { name: 'stock-room-client', tags: ['type:lib'] },
    });
    expect(readJson<object>(tree, 'package.json')).toMatchObject({
      workspaces: ['apps/*', 'libs/clients/*'],
    });
    expect(readJson<object>(tree, 'tsconfig.json')).toMatchObject({
      references: [{ path: './libs/clients/stock-room' }],
    });
    expect(source()).toContain('export class StockRoomApi {');
    expect(source()).toContain("@InjectM2m('stock-room')");
    expect(source()).toContain('readonly stock = {');
  });

  it('has nothing to do the second time, however the document is formatted', async () => {
    await clientsGenerator(tree);
    const before = written();
    const text = tree.read('apps/stock-room/openapi.json', 'utf-8') ?? '';
    tree.write('apps/stock-room/openapi.json', JSON.stringify(JSON.parse(text), null, 4));
    expect(await clientsGenerator(tree)).toEqual({});
    tree.write('apps/stock-room/openapi.json', text);
    expect(written()).toEqual(before);
  });

  it('writes the client anew where the document changed or the client was edited, and nothing else', async () => {
    await clientsGenerator(tree);
    const right = tree.read(file, 'utf-8') ?? '';
    const own = 'libs/clients/stock-room/src/index.ts';
    tree.write(own, '// mine\n');
    tree.write(file, right.replace('find:', 'fnd:'));
    expect(await clientsGenerator(tree)).toMatchObject({ outOfSyncDetails: [file] });
    expect(tree.read(file, 'utf-8')).toBe(right);
    document({ '/stock': { get: { operationId: 'StockController_list', ...answers({}) } } });
    expect(await clientsGenerator(tree)).toMatchObject({ outOfSyncDetails: [file] });
    expect(source()).toContain('list:');
    expect(source()).not.toContain('find:');
    expect(tree.read(own, 'utf-8')).toBe('// mine\n');
  });

  it('keeps a client current that nobody calls any more', async () => {
    await clientsGenerator(tree);
    contract('orders', {});
    expect(await clientsGenerator(tree)).toEqual({});
    document({ '/stock': { get: { operationId: 'StockController_list', ...answers({}) } } });
    expect(await clientsGenerator(tree)).toMatchObject({ outOfSyncDetails: [file] });
  });

  it('makes none for a service that nobody calls, takes messages, or has no document or no operation', async () => {
    const none = async () => {
      expect(await clientsGenerator(tree)).toEqual({});
      expect(tree.exists('libs/clients')).toBe(false);
    };
    contract('orders', {});
    await none();
    contract('orders', { calls: { 'stock-room': ['read:stock'] } });
    const countersign = { kind: 'service', version: '0.1.0', transport: 'nats' };
    tree.write('apps/stock-room/package.json', JSON.stringify({ countersign }));
    await none();
    tree.delete('apps/stock-room/package.json');
    document({});
    await none();
    tree.delete('apps/stock-room/openapi.json');
    await none();
  });

  it.each([
    ['{', 'apps/stock-room/openapi.json is not JSON'],
    ['[]', 'is no OpenAPI document'],
    ['{"swagger":"2.0","info":{},"paths":{}}', '/openapi'],
    ['{"openapi":"3.0.0","info":{},"paths":{"/a":{"get":{"parameters":7}}}}', '/paths//a/get/parameters'],
  ])('says what is wrong with the document %s', async (text, problem) => {
    tree.write('apps/stock-room/openapi.json', text);
    await expect(clientsGenerator(tree)).rejects.toThrow(problem);
    await expect(clientsGenerator(tree)).rejects.toThrow('target `openapi`');
    expect(tree.exists('libs/clients')).toBe(false);
  });

  it('refuses two operations of one name', async () => {
    const operation = { operationId: 'StockController_find', ...answers({}) };
    document({ '/a': { get: operation }, '/b': { get: operation } });
    await expect(clientsGenerator(tree)).rejects.toThrow('GET /a and GET /b would both be called StockFind');
  });
});

describe.each(['orders', 'inventory'])('the client of %s', (service) => {
  it('is what would be generated today', async () => {
    const read = (path: string) => readFileSync(new URL(path, repository), 'utf8');
    const path = `libs/clients/${service}/src/${service}.client.gen.ts`;
    contract(service, { audience: `https://${service}.acme.example` });
    contract('caller', { calls: { [service]: [] } });
    tree.write(`apps/${service}/openapi.json`, read(`apps/${service}/openapi.json`));
    tree.write(path, read(path));
    const { outOfSyncDetails = [] } = await clientsGenerator(tree);
    expect(outOfSyncDetails).not.toContain(path);
  });
});
