import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';

/** Absolute path of the workspace. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Reads the `package.json` of a folder. */
export const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Absolute paths of the packages that have a `publishConfig`. */
export const publishablePackages = () =>
  ['libs', 'apps', 'tools']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .filter((folder) => manifestOf(folder).publishConfig !== undefined);
