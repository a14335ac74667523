import type { Tree } from '@nx/devkit';

const ignored = [
  '.git',
  '.nx',
  '.countersign',
  '**/node_modules',
  '**/dist',
  '**/out-tsc',
  '**/test-output',
  '.env',
  '**/.env',
  '**/*.pem',
  '**/*.key',
];

/** Keeps secrets, keys and what is built out of every image, where the workspace has no `.dockerignore` of its own. */
export function writeDockerIgnore(tree: Tree): void {
  if (!tree.exists('.dockerignore')) tree.write('.dockerignore', `${ignored.join('\n')}\n`);
}
