import { join } from 'node:path';
import { generateFiles, type Tree } from '@nx/devkit';
import type { Stamp } from './stamp.ts';

/**
 * Writes the files of an app that the framework owns: they say nothing of the app itself, and `upgrade-check` brings them
 * up to date.
 */
export function writeFrameworkFiles(tree: Tree, root: string, kind: Stamp['kind']): void {
  for (const folder of ['common', kind]) {
    generateFiles(tree, join(import.meta.dirname, 'files', folder), root, {});
  }
}
