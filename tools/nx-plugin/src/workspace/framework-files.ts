import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Tree } from '@nx/devkit';
import type { Stamp } from './stamp.ts';

const suffix = '.template';

/**
 * The files of an app that the framework owns, by their path from the app's folder. They say nothing of the app itself, and
 * `upgrade-check` brings them up to date.
 */
export function frameworkFiles(kind: Stamp['kind']): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ['common', kind].map((name) => join(import.meta.dirname, 'files', name))) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(suffix)) continue;
      const file = join(entry.parentPath, entry.name);
      const path = relative(folder, file).slice(0, -suffix.length).replaceAll('\\', '/');
      files.set(path, readFileSync(file, 'utf8'));
    }
  }
  return files;
}

/** Writes the files of an app that the framework owns. */
export function writeFrameworkFiles(tree: Tree, root: string, kind: Stamp['kind']): void {
  for (const [path, content] of frameworkFiles(kind)) tree.write(`${root}/${path}`, content);
}

interface References {
  references?: unknown;
}

/**
 * What a file of the framework is to be in an app, before it is formatted: the template. The references of a
 * `tsconfig*.json` are those that are there, since `nx sync` keeps them.
 *
 * @param path of the file
 * @param current the file as it is; nothing where it is missing
 */
export const frameworkFile = (path: string, template: string, current: string | null): string =>
  /tsconfig[^/]*\.json$/.test(path) ? withReferences(template, current) : template;

function withReferences(template: string, current: string | null): string {
  const references = parseReferences(current);
  const wanted = JSON.parse(template) as References;
  return JSON.stringify(references === undefined ? wanted : { ...wanted, references }, null, 2);
}

function parseReferences(text: string | null): unknown {
  try {
    return (JSON.parse(text ?? '{}') as References).references;
  } catch {
    return undefined;
  }
}
