import type { Tree } from '@nx/devkit';

/** What is built, what a local run leaves behind, and secrets. */
const ignored = [
  'node_modules/',
  'dist/',
  'out-tsc/',
  'test-output/',
  '*.tsbuildinfo',
  '.nx/',
  '.countersign/',
  '.env',
  '.env.*',
  '!.env.example',
  '*.pem',
  '*.key',
  '*.log',
];

const isPresent = (lines: ReadonlySet<string>, pattern: string): boolean =>
  lines.has(pattern) || lines.has(pattern.replace(/\/$/, ''));

/** Keeps keys, secrets and what is built out of git: adds what `.gitignore` does not name. */
export function addIgnoredFiles(tree: Tree): void {
  const text = tree.read('.gitignore', 'utf-8') ?? '';
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = ignored.filter((pattern) => !isPresent(lines, pattern));
  if (missing.length === 0) return;
  const before = text === '' ? '' : `${text.trimEnd()}\n\n`;
  tree.write('.gitignore', `${before}${missing.join('\n')}\n`);
}
