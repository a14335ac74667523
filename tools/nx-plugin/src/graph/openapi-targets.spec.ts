import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openApiTargets } from './openapi-targets.ts';

let workspaceRoot: string;
beforeEach(() => (workspaceRoot = mkdtempSync(join(tmpdir(), 'openapi-targets-'))));
afterEach(() => rmSync(workspaceRoot, { recursive: true, force: true }));

describe('openApiTargets', () => {
  it('are there for a project with a service, and run on what was built', () => {
    mkdirSync(join(workspaceRoot, 'apps/orders/src'), { recursive: true });
    writeFileSync(join(workspaceRoot, 'apps/orders/src/service.ts'), '');
    const targets = openApiTargets(workspaceRoot, 'apps/orders');
    const command =
      'countersign-openapi --service apps/orders/dist/service.js --file apps/orders/openapi.json';
    expect(targets).toMatchObject({
      openapi: { command, outputs: ['{projectRoot}/openapi.json'], dependsOn: ['build'] },
      'openapi-check': { command: `${command} --check`, outputs: [], dependsOn: ['build'] },
    });
    expect(targets['openapi-check']?.inputs).toContain('{projectRoot}/openapi.json');
  });

  it('use the program of the workspace where the library is in it', () => {
    for (const folder of ['apps/orders/src', 'libs/bootstrap'])
      mkdirSync(join(workspaceRoot, folder), { recursive: true });
    writeFileSync(join(workspaceRoot, 'apps/orders/src/service.ts'), '');
    writeFileSync(join(workspaceRoot, 'libs/bootstrap/package.json'), '{}');
    const { openapi } = openApiTargets(workspaceRoot, 'apps/orders');
    expect(openapi?.command).toMatch(/^node libs\/bootstrap\/dist\/bin\.js /);
    expect(openapi?.dependsOn).toEqual(['build', { projects: ['@countersign/bootstrap'], target: 'build' }]);
  });

  it('are not there for a project without a service', () => {
    expect(openApiTargets(workspaceRoot, 'apps/storefront')).toEqual({});
  });
});
