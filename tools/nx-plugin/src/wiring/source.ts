import type { Tree } from '@nx/devkit';
import { IndentationText, Project, QuoteKind, type SourceFile } from 'ts-morph';

/** Names that are imported from a module. */
export interface NamedImports {
  readonly from: string;
  readonly names: readonly string[];
  /** Whether they are types. Default: false. */
  readonly typeOnly?: boolean;
}

/**
 * Edits a TypeScript file by its syntax tree, and writes it where that changed something.
 *
 * @returns what the edit answers; nothing where there is no such file
 */
export function editSource<Result>(
  tree: Tree,
  path: string,
  edit: (file: SourceFile) => Result,
): Result | undefined {
  const text = tree.read(path, 'utf-8');
  if (text === null) return undefined;
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  const file = project.createSourceFile('/file.ts', text);
  const result = edit(file);
  if (file.getFullText() !== text) {
    separateImports(file);
    tree.write(path, file.getFullText());
  }
  return result;
}

/** Imports names that are not imported yet. */
export function addImports(file: SourceFile, imports: readonly NamedImports[]): void {
  for (const { from, names, typeOnly = false } of imports) {
    const declaration = file.getImportDeclaration(
      (candidate) =>
        candidate.getModuleSpecifierValue() === from &&
        candidate.getNamespaceImport() === undefined &&
        !candidate.isTypeOnly(),
    );
    const present = new Set(
      file
        .getImportDeclarations()
        .filter((candidate) => candidate.getModuleSpecifierValue() === from)
        .flatMap((candidate) => candidate.getNamedImports().map((named) => named.getName())),
    );
    const missing = names
      .filter((name) => !present.has(name))
      .map((name) => ({ name, isTypeOnly: typeOnly && declaration !== undefined }));
    if (missing.length === 0) continue;
    if (declaration) declaration.addNamedImports(missing);
    else
      file.addImportDeclaration({
        moduleSpecifier: from,
        namedImports: missing,
        isTypeOnly: typeOnly,
      });
  }
}

/** Takes imports out that nothing in the file uses any more. */
export function removeUnusedImports(file: SourceFile, from: string): void {
  for (const declaration of file.getImportDeclarations()) {
    if (declaration.getModuleSpecifierValue() !== from) continue;
    for (const named of declaration.getNamedImports()) {
      const name = named.getAliasNode()?.getText() ?? named.getName();
      const uses = file
        .getDescendants()
        .filter((node) => node.getKindName() === 'Identifier' && node.getText() === name);
      if (uses.every((use) => use.getFirstAncestor((node) => node === declaration) !== undefined))
        named.remove();
    }
    if (declaration.getNamedImports().length === 0) declaration.remove();
  }
}

/** Keeps a line free between the imports and what follows. */
function separateImports(file: SourceFile): void {
  const end = file.getImportDeclarations().at(-1)?.getEnd();
  if (end !== undefined && /^\r?\n\S/.test(file.getFullText().slice(end))) file.insertText(end, '\n');
}
