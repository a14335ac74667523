import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workspaceOverrides, workspacePackages } from './versions.ts';

const rootManifest = JSON.parse(
  readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
) as { devDependencies: Record<string, string>; overrides: Record<string, object> };

describe('workspacePackages', () => {
  it.each(Object.entries(workspacePackages).filter(([name]) => !name.startsWith('@countersign/')))(
    'gives a workspace the %s that this one is tested with',
    (name, version) => {
      expect(version).toBe(rootManifest.devDependencies[name]);
    },
  );
});

describe('workspaceOverrides', () => {
  it('are those of this workspace', () => {
    expect(workspaceOverrides).toEqual(rootManifest.overrides);
  });
});
