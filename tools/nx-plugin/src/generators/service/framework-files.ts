import { join } from 'node:path';
import { generateFiles, type Tree } from '@nx/devkit';

/**
 * Writes the files of a service that the framework owns: they say nothing of the service itself, and are brought up to
 * date by `upgrade-check`.
 */
export function writeFrameworkFiles(tree: Tree, root: string): void {
  generateFiles(tree, join(import.meta.dirname, 'files', 'framework'), root, {});
}
