import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '@nx/devkit';

const folder = join(import.meta.dirname, 'files');

/** The other names under which a tool finds its set-up. */
const otherNames: Readonly<Record<string, RegExp>> = {
  '.prettierrc.json': /^(?:\.prettierrc|prettier\.config\.)/,
  'eslint.config.mjs': /^eslint\.config\./,
};

/** Writes the set-up of the compiler, Vitest, ESLint and Prettier, of each where the workspace has none. */
export function writeSetUp(tree: Tree): void {
  const present = tree.children('.');
  for (const template of readdirSync(folder)) {
    const file = template.replace('__dot__', '.').replace(/\.template$/, '');
    if (present.some((name) => name === file || otherNames[file]?.test(name))) continue;
    tree.write(file, readFileSync(join(folder, template), 'utf8'));
  }
}
