import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, URL } from 'node:url';

/**
 * Packs this plugin as it is published: what is built in the place of the sources, with the templates and schemas of the
 * generators. The workspace itself loads the sources. Build it first.
 *
 *     node tools/nx-plugin/pack.mjs <folder for the tarball>
 */
const root = fileURLToPath(new URL('.', import.meta.url));
const destination = resolve(argv[2] ?? '.');
const staging = mkdtempSync(join(tmpdir(), 'countersign-nx-'));

const isTemplateOrSchema = (path) => /[\\/]files([\\/]|$)|schema\.json$/.test(path);
const isFolder = (path) => !/\.[a-z]+$/.test(path);

try {
  cpSync(join(root, 'dist'), join(staging, 'src'), {
    recursive: true,
    filter: (path) => !path.endsWith('.tsbuildinfo'),
  });
  cpSync(join(root, 'src'), join(staging, 'src'), {
    recursive: true,
    filter: (path) => isTemplateOrSchema(path) || isFolder(path),
  });
  for (const file of ['generators.json', 'migrations.json', 'README.md'])
    cpSync(join(root, file), join(staging, file));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  delete manifest.private;
  delete manifest.nx;
  const published = {
    ...manifest,
    exports: { ...manifest.exports, './plugin': { types: './src/plugin.d.ts', default: './src/plugin.js' } },
  };
  writeFileSync(join(staging, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  mkdirSync(destination, { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], {
    cwd: staging,
    stdio: 'inherit',
  });
} finally {
  rmSync(staging, { recursive: true, force: true });
}
