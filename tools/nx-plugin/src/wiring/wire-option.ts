import { dirname, join } from 'node:path/posix';
import type { Tree } from '@nx/devkit';
import { Node, SyntaxKind, type ArrowFunction, type ObjectBindingPattern, type SourceFile } from 'ts-morph';
import { answeredObject, definitionOf, optionsOf, rootModuleOf } from './definition.ts';
import { addToImports, removeFromImports } from './module-imports.ts';
import { specifier } from './wire-module.ts';
import { addImports, editSource, removeUnusedImports, type NamedImports } from './source.ts';

/** A part of the configuration, from the environment to the module that is made of it. */
export interface OptionWiring {
  /** Its name, in the environment and in the options of the root module. */
  readonly option: string;
  /** How it is read: an expression in `environment`. */
  readonly environment: string;
  readonly environmentImports: readonly NamedImports[];
  /** Its type in the options of the root module. */
  readonly type: string;
  /** What it means, a sentence. */
  readonly meaning: string;
  /** What the root module imports: an expression that uses the option. */
  readonly element: string;
  /** What that needs; a module of the app by its file from the app's folder: `src/…`. */
  readonly moduleImports: readonly NamedImports[];
}

/** The file that defines an app: `service.ts` or `client.ts`; nothing where it has neither. */
export const definitionFileOf = (tree: Tree, root: string): string | undefined =>
  ['src/service.ts', 'src/client.ts'].map((file) => join(root, file)).find((file) => tree.exists(file));

/**
 * Wires an option into an app: reads it from the environment, hands it to the root module, and imports what is made of
 * it. What is wired already stays as it is.
 *
 * @returns what is left to do by hand, a sentence each, where the files have another form
 */
export function wireOption(tree: Tree, root: string, wiring: OptionWiring): string[] {
  const path = definitionFileOf(tree, root);
  if (path === undefined) return [manual(root, wiring)];
  const rootModule = editSource(tree, path, (file) => wireDefinition(file, wiring));
  if (!rootModule) return [manual(path, wiring)];
  const modulePath = join(dirname(path), rootModule.from.replace(/\.js$/, '.ts'));
  const located = { ...wiring, moduleImports: locate(wiring.moduleImports, root, modulePath) };
  const wired = editSource(tree, modulePath, (file) => wireRootModule(file, rootModule.name, located));
  return wired === true ? [] : [manual(modulePath, wiring)];
}

/** Takes an option out of an app again. */
export function unwireOption(tree: Tree, root: string, { option, element, ...wiring }: OptionWiring): void {
  const path = definitionFileOf(tree, root);
  if (path === undefined) return;
  const rootModule = editSource(tree, path, (file) => {
    const definition = definitionOf(file);
    if (!definition) return undefined;
    answeredObject(definition.environment)?.getProperty(option)?.remove();
    removeFromPattern(definition.module, option);
    for (const call of definition.module.getDescendantsOfKind(SyntaxKind.ObjectLiteralExpression)) {
      call.getProperty(option)?.remove();
    }
    for (const { from } of wiring.environmentImports) removeUnusedImports(file, from);
    return rootModuleOf(definition);
  });
  if (!rootModule) return;
  const modulePath = join(dirname(path), rootModule.from.replace(/\.js$/, '.ts'));
  editSource(tree, modulePath, (file) => {
    const target = file.getClass(rootModule.name);
    const options = target && optionsOf(target);
    if (!options) return;
    removeFromImports(file, /^\w+/.exec(element)?.[0] ?? element);
    options.options.getProperty(option)?.remove();
    replacePattern(options.pattern, (names) => names.filter((name) => name !== option));
    for (const { from } of locate(wiring.moduleImports, root, modulePath)) removeUnusedImports(file, from);
  });
}

function wireDefinition(file: SourceFile, wiring: OptionWiring) {
  const definition = definitionOf(file);
  const environment = definition && answeredObject(definition.environment);
  const rootModule = definition && rootModuleOf(definition);
  if (!definition || !environment || !rootModule) return undefined;
  if (!environment.getProperty(wiring.option)) {
    if (definition.environment.getParameters().length === 0)
      definition.environment.addParameter({ name: 'contract' });
    environment.addPropertyAssignment({ name: wiring.option, initializer: wiring.environment });
    addImports(file, wiring.environmentImports);
  }
  const [parameter] = definition.module.getParameters();
  const pattern = parameter?.getNameNode();
  if (!Node.isObjectBindingPattern(pattern)) return rootModule;
  const handed = definition.module
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .flatMap((call) => call.getArguments())
    .find((argument) => Node.isObjectLiteralExpression(argument));
  if (!handed) return undefined;
  if (!handed.getProperty(wiring.option)) handed.addShorthandPropertyAssignment({ name: wiring.option });
  replacePattern(pattern, (names) => [...new Set([...names, wiring.option])]);
  return rootModule;
}

function wireRootModule(file: SourceFile, name: string, wiring: OptionWiring): boolean {
  const rootModule = file.getClass(name);
  const options = rootModule && optionsOf(rootModule);
  if (!options || !addToImports(file, wiring.element, 'AuthModule')) return false;
  if (!options.options.getProperty(wiring.option)) {
    options.options.addProperty({
      name: wiring.option,
      type: wiring.type,
      isReadonly: true,
      docs: [wiring.meaning],
    });
  }
  replacePattern(options.pattern, (names) => [...new Set([...names, wiring.option])]);
  addImports(file, wiring.moduleImports);
  return true;
}

/** Writes a binding pattern anew where its names change: `{ auth }` → `{ auth, m2m }`. */
function replacePattern(pattern: ObjectBindingPattern, change: (names: string[]) => string[]): void {
  const names = pattern.getElements().map((element) => element.getText());
  const changed = change(names);
  if (changed.join() !== names.join()) pattern.replaceWithText(`{ ${changed.join(', ')} }`);
}

function removeFromPattern(arrow: ArrowFunction, option: string): void {
  const pattern = arrow.getParameters()[0]?.getNameNode();
  if (Node.isObjectBindingPattern(pattern))
    replacePattern(pattern, (names) => names.filter((name) => name !== option));
}

/** Imports as one file of the app writes them. */
const locate = (imports: readonly NamedImports[], root: string, path: string): NamedImports[] =>
  imports.map((named) =>
    named.from.startsWith('src/') ? { ...named, from: specifier(path, join(root, named.from)) } : named,
  );

const manual = (path: string, { option, environment, element }: OptionWiring): string =>
  `${path} has a form of its own: read ${option}: ${environment} from the environment, and import ${element} into the root module.`;
