import {
  Node,
  SyntaxKind,
  type ArrowFunction,
  type ClassDeclaration,
  type ObjectLiteralExpression,
  type SourceFile,
} from 'ts-morph';

/** The object in `service.ts` or `client.ts` that says what the app reads from its environment and what it consists of. */
export interface Definition {
  readonly environment: ArrowFunction;
  readonly module: ArrowFunction;
}

/** Finds the object that has both `environment` and `module` as arrow functions. */
export function definitionOf(file: SourceFile): Definition | undefined {
  for (const object of file.getDescendantsOfKind(SyntaxKind.ObjectLiteralExpression)) {
    const environment = arrowOf(object, 'environment');
    const module = arrowOf(object, 'module');
    if (environment && module) return { environment, module };
  }
  return undefined;
}

function arrowOf(object: ObjectLiteralExpression, name: string): ArrowFunction | undefined {
  const property = object.getProperty(name);
  const initializer = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  return Node.isArrowFunction(initializer) ? initializer : undefined;
}

/** The object literal that an arrow function answers: `() => ({ … })`, or the one that it returns. */
export function answeredObject(arrow: ArrowFunction): ObjectLiteralExpression | undefined {
  const body = arrow.getBody();
  const answer = Node.isBlock(body)
    ? body.getStatementByKind(SyntaxKind.ReturnStatement)?.getExpression()
    : body;
  const bare = Node.isParenthesizedExpression(answer) ? answer.getExpression() : answer;
  return Node.isObjectLiteralExpression(bare) ? bare : undefined;
}

/** The root module that `module` names, and where it is imported from: `AppModule`, `./app/app.module.js`. */
export function rootModuleOf({ module }: Definition): { name: string; from: string } | undefined {
  const name = module
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .map((identifier) => identifier.getText())
    .find((text) => /^[A-Z]\w*Module$/.test(text));
  const declaration = module
    .getSourceFile()
    .getImportDeclaration((candidate) =>
      candidate.getNamedImports().some((named) => named.getName() === name),
    );
  return name !== undefined && declaration
    ? { name, from: declaration.getModuleSpecifierValue() }
    : undefined;
}

/** The static method of a root module that takes its options as `({ auth, … }: AppOptions)`. */
export function optionsOf(rootModule: ClassDeclaration) {
  for (const method of rootModule.getStaticMethods()) {
    const [parameter] = method.getParameters();
    const pattern = parameter?.getNameNode();
    const type = parameter?.getTypeNode();
    if (!Node.isObjectBindingPattern(pattern) || !Node.isTypeReference(type)) continue;
    const options = rootModule.getSourceFile().getInterface(type.getText());
    if (options) return { pattern, options };
  }
  return undefined;
}
