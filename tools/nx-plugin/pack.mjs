import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { argv } from 'node:process';
import { packPackage } from './pack/pack-package.mjs';
import { publishablePackages } from './pack/publishable-packages.mjs';

/**
 * Packs every package of the workspace that has a `publishConfig`, as it is published. Build them first.
 *
 *     node tools/nx-plugin/pack.mjs <folder for the tarballs>
 *     npm publish <tarball>
 */
const destination = resolve(argv[2] ?? '.');
mkdirSync(destination, { recursive: true });
for (const folder of publishablePackages()) console.log(packPackage(folder, destination));
