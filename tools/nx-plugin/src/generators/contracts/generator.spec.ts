import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import contractsGenerator from './generator.ts';

const file = 'apps/orders/src/callees.gen.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  write('orders', {
    calls: { inventory: ['write:reservations', 'read:stock'], 'stock-ledger': ['read:ledger'] },
  });
  write('inventory', { audience: 'https://inventory.example', scopes: {} });
  write('stock-ledger', { audience: "https://ledger.example/it's" });
});

function write(service: string, members: object) {
  tree.write(`apps/${service}/contract.json`, JSON.stringify({ service, ...members }));
}

/** What the generated module exports, by running it. */
async function exportsOf(source: string): Promise<Readonly<Record<string, object>>> {
  const script = encodeURIComponent(source.replaceAll(' as const', ''));
  return (await import(/* @vite-ignore */ `data:text/javascript,${script}`)) as Record<string, object>;
}

const calleesOf = async (source: string) => (await exportsOf(source))['callees'];

describe('contracts', () => {
  it('writes the audience and the scopes of each callee, sorted', async () => {
    expect(await contractsGenerator(tree)).toMatchObject({ outOfSyncDetails: [file] });
    const text = tree.read(file, 'utf-8') ?? '';
    expect(text.split('\n')[0]).toBe('// Generated from the contracts by `nx sync`. Do not edit.');
    expect(await calleesOf(text)).toEqual({
      inventory: { audience: 'https://inventory.example', scopes: ['read:stock', 'write:reservations'] },
      'stock-ledger': { audience: "https://ledger.example/it's", scopes: ['read:ledger'] },
    });
  });

  it('says where a callee is on a laptop, where its contract has a port', async () => {
    write('inventory', { audience: 'https://inventory.example', port: 4102 });
    await contractsGenerator(tree);
    const { defaultUrls } = await exportsOf(tree.read(file, 'utf-8') ?? '');
    expect(defaultUrls).toEqual({ inventory: 'http://localhost:4102' });
  });

  it('says where a callee takes messages on a laptop, beside what every callee has', async () => {
    const countersign = { kind: 'service', version: '0.1.0', transport: 'nats' };
    tree.write('apps/stock-ledger/package.json', JSON.stringify({ countersign }));
    await contractsGenerator(tree);
    const { callees, messageUrls } = await exportsOf(tree.read(file, 'utf-8') ?? '');
    expect(messageUrls).toEqual({ 'stock-ledger': 'nats://127.0.0.1:4222' });
    expect(callees).toHaveProperty('stock-ledger');
  });

  it('gives a caller the definition of a gRPC service, keeps it current and takes it away', async () => {
    write('inventory', { audience: 'https://inventory.example', port: 4102 });
    const countersign = { kind: 'service', version: '0.1.0', transport: 'grpc' };
    tree.write('apps/inventory/package.json', JSON.stringify({ countersign }));
    tree.write('apps/inventory/proto/inventory.proto', 'syntax = "proto3";');
    const copy = 'apps/orders/proto/inventory.proto';
    expect((await contractsGenerator(tree)).outOfSyncDetails).toContain(copy);
    expect(tree.read(copy, 'utf-8')).toBe('syntax = "proto3";');
    expect(tree.read(file, 'utf-8')).toContain('grpc://127.0.0.1:5102');
    tree.write(copy, 'edited');
    expect(await contractsGenerator(tree)).toMatchObject({ outOfSyncDetails: [copy] });
    write('orders', { calls: { 'stock-ledger': ['read:ledger'] } });
    await contractsGenerator(tree);
    expect(tree.exists(copy)).toBe(false);
    expect(tree.exists('apps/inventory/proto/inventory.proto')).toBe(true);
  });

  it('writes nothing for an app that calls none', async () => {
    await contractsGenerator(tree);
    expect(tree.exists('apps/inventory/src/callees.gen.ts')).toBe(false);
  });

  it('has nothing to do the second time, whatever the order of the contract', async () => {
    await contractsGenerator(tree);
    const first = tree.read(file, 'utf-8');
    write('orders', {
      calls: { 'stock-ledger': ['read:ledger'], inventory: ['read:stock', 'write:reservations'] },
    });
    expect(await contractsGenerator(tree)).toEqual({});
    expect(tree.read(file, 'utf-8')).toBe(first);
  });

  it('corrects a file that was edited', async () => {
    await contractsGenerator(tree);
    const right = tree.read(file, 'utf-8') ?? '';
    tree.write(file, right.replace('read:stock', 'write:stock'));
    expect(await contractsGenerator(tree)).toMatchObject({ outOfSyncDetails: [file] });
    expect(tree.read(file, 'utf-8')).toBe(right);
  });

  it('removes the file of an app that calls none any more', async () => {
    await contractsGenerator(tree);
    write('orders', {});
    expect(await contractsGenerator(tree)).toMatchObject({ outOfSyncDetails: [file] });
    expect(tree.exists(file)).toBe(false);
  });

  it('leaves out a callee without contract or audience', async () => {
    write('inventory', {});
    tree.delete('apps/stock-ledger/contract.json');
    await contractsGenerator(tree);
    expect(tree.read(file, 'utf-8')).toContain('export const callees = {} as const;');
  });

  it.each(['{', '[]', 'null', '{"service":7}', '{"service":"orders","calls":{"inventory":"read:stock"}}'])(
    'leaves an app alone whose contract is %s',
    async (content) => {
      await contractsGenerator(tree);
      const before = tree.read(file, 'utf-8');
      tree.write('apps/orders/contract.json', content);
      expect(await contractsGenerator(tree)).toEqual({});
      expect(tree.read(file, 'utf-8')).toBe(before);
    },
  );

  it('writes a service name and an audience as data, never as code', async () => {
    const audience = "https://x'; process.exit(1); '`${1}`\\";
    write('inventory', { audience });
    await contractsGenerator(tree);
    expect(await calleesOf(tree.read(file, 'utf-8') ?? '')).toMatchObject({ inventory: { audience } });
  });
});
