import { Node, SyntaxKind, type ArrayLiteralExpression, type SourceFile } from 'ts-morph';

/** Every `imports: […]` of a file: those of `@Module({ … })` and those that a static method answers. */
export const importsArrays = (file: SourceFile): ArrayLiteralExpression[] =>
  file
    .getDescendantsOfKind(SyntaxKind.PropertyAssignment)
    .filter((property) => property.getName() === 'imports')
    .map((property) => property.getInitializer())
    .filter((initializer) => Node.isArrayLiteralExpression(initializer));

/** The name that an element of `imports` begins with: `M2mModule` of `M2mModule.forRoot(m2m)`. */
const moduleOf = (element: string): string => /^\w+/.exec(element)?.[0] ?? element;

/** Whether a file imports a module into a Nest module. */
export const importsModule = (file: SourceFile, element: string): boolean =>
  importsArrays(file).some((array) =>
    array.getElements().some((present) => present.getText().replaceAll(/\s/g, '').startsWith(element)),
  );

/**
 * Adds an element to the `imports` that hold another one, or to the first `imports` of the file.
 *
 * @returns whether it is there now
 */
export function addToImports(file: SourceFile, element: string, beside = ''): boolean {
  const arrays = importsArrays(file);
  const array =
    arrays.find((candidate) =>
      candidate.getElements().some((present) => beside !== '' && moduleOf(present.getText()) === beside),
    ) ?? arrays[0];
  if (!array) return false;
  const present = array.getElements().some((other) => moduleOf(other.getText()) === moduleOf(element));
  if (!present) array.addElement(element);
  return true;
}

/** Takes every element out of every `imports` that begins with the name of a module. */
export function removeFromImports(file: SourceFile, module: string): void {
  for (const array of importsArrays(file)) {
    for (const element of array.getElements().filter((present) => moduleOf(present.getText()) === module)) {
      array.removeElement(element);
    }
  }
}
