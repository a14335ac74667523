import { dirname, join } from 'node:path/posix';
import { visitNotIgnoredFiles, type Tree } from '@nx/devkit';
import { Node, SyntaxKind } from 'ts-morph';
import { editSource } from './source.ts';

const usesConnection = /(?:^|\.)(?:InjectM2m|InjectM2mMessages|forFeature|M2mMessagesModule\.register)$/;

/**
 * The files of an app that use a connection: by `@InjectM2m('stock')` or `M2mModule.forFeature(['stock'])`, or by the same of
 * messages. Sorted.
 */
export function filesThatUse(tree: Tree, root: string, callee: string): string[] {
  const files: string[] = [];
  if (!tree.exists(`${root}/src`)) return files;
  visitNotIgnoredFiles(tree, `${root}/src`, (path) => {
    if (!path.endsWith('.ts') || !tree.read(path, 'utf-8')?.includes(callee)) return;
    const uses = editSource(tree, path, (file) =>
      file
        .getDescendantsOfKind(SyntaxKind.CallExpression)
        .filter((call) => usesConnection.test(call.getExpression().getText()))
        .flatMap((call) => call.getDescendants())
        .some((node) => Node.isStringLiteral(node) && node.getLiteralValue() === callee),
    );
    if (uses) files.push(path);
  });
  return files.sort();
}

/** The files of an app that import a package, or something of the folder of a connection other than its module. Sorted. */
export function filesThatImport(tree: Tree, root: string, folder: string, name: string): string[] {
  const files: string[] = [];
  for (const part of ['src', 'test'].filter((name) => tree.exists(`${root}/${name}`))) {
    visitNotIgnoredFiles(tree, `${root}/${part}`, (path) => {
      if (!path.endsWith('.ts')) return;
      const imports = editSource(tree, path, (file) =>
        file
          .getImportDeclarations()
          .map((declaration) => declaration.getModuleSpecifierValue())
          .some((imported) => imported === name || isOf(folder, join(dirname(path), imported))),
      );
      if (imports) files.push(path);
    });
  }
  return files.sort();
}

const isOf = (folder: string, path: string): boolean =>
  path.startsWith(folder) && !path.endsWith('-connection.module.js');
