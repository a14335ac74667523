import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authTargets } from './auth-targets.ts';

let workspaceRoot: string;
beforeEach(() => (workspaceRoot = mkdtempSync(join(tmpdir(), 'auth-targets-'))));
afterEach(() => rmSync(workspaceRoot, { recursive: true, force: true }));

describe('authTargets', () => {
  it('are there for a project with a service, and run on what was built', () => {
    mkdirSync(join(workspaceRoot, 'apps/orders/src'), { recursive: true });
    writeFileSync(join(workspaceRoot, 'apps/orders/src/service.ts'), '');
    mkdirSync(join(workspaceRoot, 'libs/guards'), { recursive: true });
    writeFileSync(join(workspaceRoot, 'libs/guards/package.json'), '{}');
    const targets = authTargets(workspaceRoot, 'apps/orders');
    expect(Object.keys(targets)).toEqual(['auth-manifest', 'auth-manifest-check', 'explain']);
    expect(targets['auth-manifest']).toMatchObject({
      command:
        'node libs/guards/dist/bin.js auth-manifest --service apps/orders/dist/service.js --file apps/orders/auth-manifest.json',
      outputs: ['{projectRoot}/auth-manifest.json'],
    });
    expect(targets['auth-manifest-check']?.command).toMatch(/ --check$/);
    for (const { dependsOn } of Object.values(targets)) expect(dependsOn).toContain('build');
    expect(targets['explain']?.cache).toBe(false);
  });

  it('are not there for a project without a service', () => {
    expect(authTargets(workspaceRoot, 'apps/storefront')).toEqual({});
  });
});
