import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workspacePackages } from './versions.ts';

const rootManifest = JSON.parse(
  readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
) as { devDependencies: Record<string, string> };

describe('workspacePackages', () => {
  it.each(Object.entries(workspacePackages).filter(([name]) => !name.startsWith('@countersign/')))(
    'gives a workspace the %s that this one is tested with',
    (name, version) => {
      expect(version).toBe(rootManifest.devDependencies[name]);
    },
  );
});
