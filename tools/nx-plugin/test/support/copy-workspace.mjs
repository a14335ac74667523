import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, URL } from 'node:url';

/** Absolute path of the workspace that this script is in. */
export const sourceRoot = resolve(fileURLToPath(new URL('../../../..', import.meta.url)));

/**
 * Copies the files that git tracks, as they are now, to a folder outside of the workspace, with what is built already. Its
 * packages are links to those that are installed here, except for the workspace's own, which are links within the copy.
 *
 * @returns {string} absolute path of the copy
 */
export function copyWorkspace() {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-generators-'));
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: sourceRoot, encoding: 'utf8' }).split('\0');
  for (const path of [...files.filter((file) => file !== ''), ...builtFolders()]) copyPath(path, copy);
  linkPackages(join(sourceRoot, 'node_modules'), join(copy, 'node_modules'));
  const longAgo = new Date(0);
  utimesSync(join(copy, 'package-lock.json'), longAgo, longAgo);
  return copy;
}

function copyPath(path, copy) {
  if (!existsSync(join(sourceRoot, path))) return;
  cpSync(join(sourceRoot, path), join(copy, path), { recursive: true, preserveTimestamps: true });
}

const builtFolders = () =>
  ['libs', 'apps'].flatMap((folder) =>
    readdirSync(join(sourceRoot, folder)).map((name) => join(folder, name, 'dist')),
  );

/** Links the packages of one `node_modules` into another; a scope of links within the workspace is copied as it is. */
function linkPackages(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name === '@countersign')
      cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    else if (!['.cache', '.vite', '.vite-temp'].includes(name)) symlinkSync(join(from, name), join(to, name));
  }
}

/** Links the typed clients of services into a copy; one that is linked stays. */
export function linkTypedClients(copy) {
  for (const service of readdirSync(join(copy, 'libs/clients'))) {
    const link = join(copy, 'node_modules/@countersign', `${service}-client`);
    if (!existsSync(link)) symlinkSync(join('../../libs/clients', service), link);
  }
}
