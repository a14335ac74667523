import type { Tree } from '@nx/devkit';

/** Where GitHub and GitLab look for it. */
const places = ['CODEOWNERS', '.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'docs/CODEOWNERS'];

/**
 * Gives an app an owner in `CODEOWNERS`, where that file exists.
 *
 * @param owner such as `@acme/billing`; default: who owns everything (`*`) in the file
 */
export function addCodeOwner(tree: Tree, root: string, owner: string | undefined): void {
  const file = places.find((place) => tree.exists(place));
  if (file === undefined) return;
  const text = tree.read(file, 'utf-8') ?? '';
  const lines = text.split('\n');
  const owners = owner ?? lines.map((line) => /^\*\s+(.+)$/.exec(line.trim())?.[1]).findLast(Boolean);
  if (owners === undefined || lines.some((line) => line.split(/\s+/)[0] === `/${root}/`)) return;
  tree.write(file, `${text.trimEnd()}\n/${root}/ ${owners}\n`);
}

/** Takes an app out of `CODEOWNERS`. */
export function removeCodeOwner(tree: Tree, root: string): void {
  for (const file of places.filter((place) => tree.exists(place))) {
    const lines = (tree.read(file, 'utf-8') ?? '').split('\n');
    const kept = lines.filter((line) => line.split(/\s+/)[0] !== `/${root}/`);
    if (kept.length !== lines.length) tree.write(file, kept.join('\n'));
  }
}
