import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, URL } from 'node:url';

/** Absolute path of the workspace that this script is in. */
export const sourceRoot = resolve(fileURLToPath(new URL('../../../..', import.meta.url)));

/**
 * Copies the workspace, as git knows it, to a folder outside of it. Its packages are links to those that are installed
 * here, except for the workspace's own, which are links within the copy.
 *
 * @returns {string} absolute path of the copy
 */
export function copyWorkspace() {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-generators-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: sourceRoot,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((path) => path !== '' && existsSync(join(sourceRoot, path)))) {
    cpSync(join(sourceRoot, file), join(copy, file));
  }
  linkPackages(join(sourceRoot, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Links the packages of one `node_modules` into another; a scope of links within the workspace is copied as it is. */
function linkPackages(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name === '@countersign') cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    else if (name !== '.cache' && name !== '.vite') symlinkSync(join(from, name), join(to, name));
  }
  mkdirSync(dirname(join(to, '.package-lock.json')), { recursive: true });
}
