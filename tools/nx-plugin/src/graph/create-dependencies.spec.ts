import { DependencyType, type CreateDependenciesContext } from '@nx/devkit';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDependencies } from './create-dependencies.ts';

let workspaceRoot: string;
const projects: Record<string, { root: string }> = {};
beforeEach(() => (workspaceRoot = mkdtempSync(join(tmpdir(), 'dependencies-'))));
afterEach(() => {
  rmSync(workspaceRoot, { recursive: true, force: true });
  for (const name of Object.keys(projects)) delete projects[name];
});

function app(project: string, contract?: string) {
  const root = `apps/${project}`;
  projects[project] = { root };
  mkdirSync(join(workspaceRoot, root), { recursive: true });
  if (contract !== undefined) writeFileSync(join(workspaceRoot, root, 'contract.json'), contract);
}

const service = (name: string, ...callees: string[]) =>
  JSON.stringify({
    service: name,
    calls: Object.fromEntries(callees.map((callee) => [callee, ['read:all']])),
  });

const edges = () =>
  createDependencies(undefined, { projects, workspaceRoot } as unknown as CreateDependenciesContext);

describe('createDependencies', () => {
  it('has an implicit edge for each connection, and services may call each other', async () => {
    app('orders', service('orders', 'inventory'));
    app('inventory', service('inventory', 'orders'));
    app('storefront', service('storefront', 'orders', 'inventory'));
    const type = DependencyType.implicit;
    expect(await edges()).toEqual([
      { source: 'orders', target: 'inventory', type },
      { source: 'inventory', target: 'orders', type },
      { source: 'storefront', target: 'orders', type },
      { source: 'storefront', target: 'inventory', type },
    ]);
  });

  it('finds a project by the service of its contract, whatever the project is called', async () => {
    app('@acme/orders', service('orders', 'stock'));
    app('warehouse', service('stock'));
    expect(await edges()).toMatchObject([{ source: '@acme/orders', target: 'warehouse' }]);
  });

  it.each(['{', 'null', '{"service":7}', undefined])(
    'has none for a contract that is %j',
    async (contract) => {
      app('orders', contract);
      app('storefront', service('storefront', 'orders', 'nobody', 'storefront'));
      expect(await edges()).toEqual([]);
    },
  );
});
