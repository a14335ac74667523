import { names } from '@nx/devkit';
import type { PlacedOperation } from './open-api.ts';

/** What an operation is called in a client: `inventory.stock.find`. */
export interface OperationName {
  /** Its controller; nothing for an operation that names none. */
  readonly group: string | undefined;
  readonly method: string;
  /** What its types begin with: `StockFind`. */
  readonly type: string;
}

/**
 * Names an operation by its `operationId`, so that its name stays when others come and go: `StockController_find` is `find` of
 * `stock`. An id of another form is a method by itself, and where there is none, the verb and the path are the name.
 */
export function operationName({ verb, path, operation: { operationId } }: PlacedOperation): OperationName {
  const [, controller, handler] = /^([^_]+?)(?:Controller)?_(.+)$/.exec(operationId ?? '') ?? [];
  if (controller !== undefined && handler !== undefined) {
    const group = identifier(controller);
    return { group, method: identifier(handler), type: `${pascal(controller)}${pascal(handler)}` };
  }
  const words = operationId ?? `${verb} ${path}`;
  return { group: undefined, method: identifier(words), type: pascal(words) };
}

/**
 * Names all operations.
 *
 * @throws Error where two operations have the same name
 */
export function nameOperations(operations: readonly PlacedOperation[]): (PlacedOperation & OperationName)[] {
  const taken = new Map<string, string>();
  return operations.map((placed) => {
    const name = operationName(placed);
    const where = `${placed.verb.toUpperCase()} ${placed.path}`;
    for (const key of new Set([name.type, `${name.group ?? ''}.${name.method}`])) {
      const other = taken.get(key);
      if (other !== undefined) {
        throw new Error(
          `${other} and ${where} would both be called ${name.type}. Give them other operation ids.`,
        );
      }
      taken.set(key, where);
    }
    if (name.group !== undefined && taken.has(`.${name.group}`)) {
      throw new Error(
        `${name.group} would be an operation and a group of operations. Give it another operation id.`,
      );
    }
    return { ...placed, ...name };
  });
}

const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public ' +
    'return static super switch this throw true try typeof var void while with yield constructor'
  ).split(' '),
);

/** A name as the name of a variable that is none of those taken. */
export function variable(name: string, taken: ReadonlySet<string>): string {
  const wanted = identifier(name);
  return reserved.has(wanted) || taken.has(wanted) ? variable(`${wanted} value`, taken) : wanted;
}

function identifier(text: string): string {
  const name = names(words(text)).propertyName;
  return /^[a-z_$]/i.test(name) ? name : `_${name}`;
}

/** A name as that of a type: `order-lines` → `OrderLines`. */
export function pascal(text: string): string {
  const name = names(words(text)).className;
  return /^[a-z_$]/i.test(name) ? name : `_${name}`;
}

const words = (text: string): string =>
  text
    .replaceAll(/[^a-zA-Z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '-');
