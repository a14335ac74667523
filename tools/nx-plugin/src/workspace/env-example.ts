import type { Tree } from '@nx/devkit';

const fileOf = (root: string): string => `${root}/.env.example`;

/** Adds variables to the example of an app's environment; one that is there stays as it is. */
export function addVariables(tree: Tree, root: string, variables: Readonly<Record<string, string>>): void {
  const text = tree.read(fileOf(root), 'utf-8');
  const lines = (text ?? '').split('\n').filter((line) => line !== '');
  const present = new Set(lines.map((line) => /^#? ?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1]));
  const missing = Object.entries(variables).filter(([name]) => !present.has(name));
  if (missing.length === 0) return;
  const added = missing.map(([name, value]) => `${name}=${value}`);
  tree.write(fileOf(root), `${[...lines, ...added].join('\n')}\n`);
}

/** Takes variables out of the example of an app's environment. */
export function removeVariables(tree: Tree, root: string, names: readonly string[]): void {
  const text = tree.read(fileOf(root), 'utf-8');
  if (text === null) return;
  const kept = text.split('\n').filter((line) => !names.some((name) => line.startsWith(`${name}=`)));
  if (kept.length !== text.split('\n').length) tree.write(fileOf(root), kept.join('\n'));
}
