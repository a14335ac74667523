import { dirname, join, relative } from 'node:path/posix';
import { visitNotIgnoredFiles, type Tree } from '@nx/devkit';
import { addToImports, importsModule, removeFromImports } from './module-imports.ts';
import { addImports, editSource, removeUnusedImports } from './source.ts';

/** A module of an app. */
export interface AppModuleReference {
  /** Name of its class. */
  readonly name: string;
  /** Its file from the app's folder, such as `src/connections/stock/stock-connection.module.ts`. */
  readonly file: string;
}

/**
 * Imports a module of an app beside `M2mModule.forRoot(…)`. Where it is imported already, nothing changes.
 *
 * @returns what is left to do by hand, where no module of the app has `M2mModule.forRoot(…)`
 */
export function wireModule(tree: Tree, root: string, module: AppModuleReference): string[] {
  const target = fileWithTokens(tree, root);
  if (target === undefined) {
    return [
      `${root} imports M2mModule.forRoot(…) nowhere: import it and ${module.name} of ${module.file} into its root module.`,
    ];
  }
  editSource(tree, target, (file) => {
    addToImports(file, module.name, 'M2mModule');
    addImports(file, [{ from: specifier(target, join(root, module.file)), names: [module.name] }]);
  });
  return [];
}

/** Whether a module of an app imports `M2mModule.forRoot(…)`. */
export const hasTokens = (tree: Tree, root: string): boolean => fileWithTokens(tree, root) !== undefined;

const fileWithTokens = (tree: Tree, root: string): string | undefined =>
  moduleFiles(tree, root).find((path) =>
    editSource(tree, path, (file) => importsModule(file, 'M2mModule.forRoot(')),
  );

/** Takes a module out of every module of an app that imports it. */
export function unwireModule(tree: Tree, root: string, module: AppModuleReference): void {
  for (const path of moduleFiles(tree, root)) {
    editSource(tree, path, (file) => {
      if (!importsModule(file, module.name)) return;
      removeFromImports(file, module.name);
      removeUnusedImports(file, specifier(path, join(root, module.file)));
    });
  }
}

/** How one file of an app imports another. */
export function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

/** The files of an app that hold a Nest module, sorted. */
function moduleFiles(tree: Tree, root: string): string[] {
  const files: string[] = [];
  if (tree.exists(`${root}/src`)) {
    visitNotIgnoredFiles(tree, `${root}/src`, (path) => {
      if (path.endsWith('.module.ts')) files.push(path);
    });
  }
  return files.sort();
}
