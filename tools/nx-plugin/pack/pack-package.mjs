import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addGeneratorFiles } from './add-generator-files.mjs';
import { manifestOf, root } from './publishable-packages.mjs';
import { publishedManifest } from './published-manifest.mjs';

/**
 * Packs one package as it is published: what its `files` name, the licence, and the manifest that is for others.
 *
 * @returns {string} name of the tarball in the destination
 */
export function packPackage(folder, destination) {
  const manifest = manifestOf(folder);
  const staging = mkdtempSync(join(tmpdir(), 'countersign-pack-'));
  try {
    for (const entry of manifest.files.filter((pattern) => !pattern.startsWith('!'))) {
      const from = join(folder, entry);
      if (!existsSync(from)) throw new Error(`${manifest.name} has no ${entry}. Build it first.`);
      cpSync(from, join(staging, entry), { recursive: true });
    }
    cpSync(join(root, 'LICENSE'), join(staging, 'LICENSE'));
    if (manifest.generators !== undefined) addGeneratorFiles(folder, staging);
    const published = publishedManifest(manifest, folder, root);
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
    const output = execFileSync(
      'npm',
      ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', destination],
      { cwd: staging, encoding: 'utf8' },
    );
    return JSON.parse(output)[0].filename;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
