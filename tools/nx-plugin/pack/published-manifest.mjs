import { relative } from 'node:path/posix';
import { sourceRepository } from './source-repository.mjs';

/** What a manifest says to this workspace only. */
const ofThisWorkspace = new Set(['private', 'nx', 'scripts', 'devDependencies']);

/** The condition under which this workspace loads sources; nobody else is to meet it. */
const sourceCondition = '@countersign/source';

const withoutSource = (target) =>
  typeof target === 'string'
    ? target
    : Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== sourceCondition));

/**
 * A manifest as it is published: what is for others, the conditions that are for others, and where the sources are, as far
 * as git knows that.
 *
 * @param {Record<string, any>} manifest
 * @param {string} folder of the package
 * @param {string} root of the workspace
 */
export function publishedManifest(manifest, folder, root) {
  const repository = sourceRepository(root);
  return {
    ...Object.fromEntries(Object.entries(manifest).filter(([field]) => !ofThisWorkspace.has(field))),
    ...(manifest.exports && {
      exports: Object.fromEntries(
        Object.entries(manifest.exports).map(([path, target]) => [path, withoutSource(target)]),
      ),
    }),
    ...(repository && {
      repository: { type: 'git', url: repository, directory: relative(root, folder) },
    }),
  };
}
