import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodesV2 } from './create-nodes.ts';

let workspaceRoot: string;
beforeEach(() => (workspaceRoot = mkdtempSync(join(tmpdir(), 'nodes-'))));
afterEach(() => rmSync(workspaceRoot, { recursive: true, force: true }));

async function targetsOf(app: string, options?: { targetName: string }) {
  const [, infer] = createNodesV2;
  const results = await infer([`apps/${app}/contract.json`], options, {
    workspaceRoot,
    nxJsonConfiguration: {},
  });
  return results.flatMap(([, { projects = {} }]) =>
    Object.values(projects).map(({ targets }) => targets ?? {}),
  );
}

function app(name: string, files: string[]) {
  mkdirSync(join(workspaceRoot, 'apps', name), { recursive: true });
  for (const file of files) writeFileSync(join(workspaceRoot, 'apps', name, file), '{}');
}

describe('createNodesV2', () => {
  it('infers a cached check that every contract and the checker are inputs of', async () => {
    app('orders', ['contract.json', 'package.json']);
    mkdirSync(join(workspaceRoot, 'libs/contract'), { recursive: true });
    writeFileSync(join(workspaceRoot, 'libs/contract/package.json'), '{}');
    expect(await targetsOf('orders')).toEqual([
      {
        'contract-check': expect.objectContaining({
          command: 'node libs/contract/dist/bin.js check --root .',
          cache: true,
          inputs: [
            '{workspaceRoot}/apps/*/contract.json',
            { dependentTasksOutputFiles: '**/*.js', transitive: true },
          ],
          dependsOn: [{ projects: ['@countersign/contract'], target: 'build' }],
        }) as unknown,
      },
    ]);
  });

  it('runs the program of the package where the checker is not in the workspace', async () => {
    app('orders', ['contract.json', 'package.json']);
    expect(await targetsOf('orders')).toMatchObject([
      {
        'contract-check': {
          command: 'countersign-contract check --root .',
          inputs: [
            '{workspaceRoot}/apps/*/contract.json',
            { dependentTasksOutputFiles: '**/*.js', transitive: true },
            { externalDependencies: ['@countersign/contract'] },
          ],
          dependsOn: [],
        },
      },
    ]);
  });

  it('takes another name for the target', async () => {
    app('orders', ['contract.json', 'package.json']);
    expect(Object.keys((await targetsOf('orders', { targetName: 'contracts' }))[0] ?? {})).toEqual([
      'contracts',
    ]);
  });

  it('builds an app after the libraries, and not after the services that it calls', async () => {
    app('orders', ['contract.json', 'package.json', 'tsconfig.lib.json']);
    const [targets] = await targetsOf('orders');
    const order = ['build', 'build-deps', 'typecheck'].map((name) => targets?.[name]?.dependsOn);
    expect(order.flat()).not.toContainEqual(expect.stringContaining('^'));
    expect(order[0]).toEqual([{ projects: ['tag:type:lib'], target: 'build' }]);
  });

  it('tests an app after the libraries where their sources are not read', async () => {
    app('orders', ['contract.json', 'package.json', 'tsconfig.lib.json', 'vitest.config.mts']);
    const [targets] = await targetsOf('orders');
    expect(targets?.['test']?.dependsOn).toEqual([{ projects: ['tag:type:lib'], target: 'build' }]);
    mkdirSync(join(workspaceRoot, 'libs/m2m'), { recursive: true });
    expect((await targetsOf('orders'))[0]).not.toHaveProperty('test');
  });

  it('infers nothing for a folder that is no project', async () => {
    app('draft', ['contract.json']);
    expect(await targetsOf('draft')).toEqual([]);
  });
});
