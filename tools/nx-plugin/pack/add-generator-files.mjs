import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What the generators read beside their code, and what the compiler leaves where it is. */
const isReadByGenerators = (path) => /[\\/]files[\\/]|[\\/]schema\.json$/.test(path);

/**
 * Completes what the plugin is published as: the templates and schemas of the generators beside what is built, and
 * `generators.json` and `migrations.json`, which name sources in this workspace, name what is built.
 */
export function addGeneratorFiles(folder, staging) {
  const sources = join(folder, 'src');
  for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && isReadByGenerators(path))
      cpSync(path, join(staging, 'dist', relative(sources, path)));
  }
  for (const file of ['generators.json', 'migrations.json']) {
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(staging, file), text.replaceAll('"./src/', '"./dist/'));
  }
}
