import type { Tree } from '@nx/devkit';
import type { AppContract } from '../../contracts/contracts-of.ts';
import { clientPackage } from '../clients/client-library.ts';
import { clientModel, type ClientOperation } from '../clients/client-model.ts';
import { documentOf } from '../clients/generator.ts';
import { parseOpenApi } from '../clients/open-api.ts';
import type { ConnectionPlan } from './connection-plan.ts';

/** What the templates of a connection need to know of the callee's typed client. */
export interface TypedClient {
  readonly clientPackage: string;
  /** Reads the first resource of the callee, where the connection may; nothing where it has another form by now. */
  readonly list: { readonly method: string; readonly answer: string } | undefined;
  /** A call for the test of the connection, without its options; nothing where none can be made up. */
  readonly sample: { readonly call: string; readonly path: string } | null;
}

/** The typed client of a callee over HTTP; nothing where it has no document, or no operation. */
export function typedClientOf(
  tree: Tree,
  callee: AppContract,
  plan: ConnectionPlan,
): TypedClient | undefined {
  const document = documentOf(tree, callee);
  if (!document) return undefined;
  const { operations, schemas } = clientModel(parseOpenApi(document.text, document.file));
  if (operations.length === 0) return undefined;
  const hasItems = ({ answer }: ClientOperation) =>
    Object.hasOwn(Object(schemas[answer]?.['properties'] ?? {}) as object, 'items');
  const found = operations.find(
    (each) => each.verb === 'GET' && each.path === `/${plan.resource}` && hasItems(each),
  );
  return {
    clientPackage: clientPackage(tree, callee.service),
    list: found && { method: methodOf(found), answer: found.answer },
    sample: sampleOf(operations),
  };
}

const methodOf = ({ group, method }: ClientOperation): string =>
  group === undefined ? method : `${group}.${method}`;

function sampleOf(operations: readonly ClientOperation[]): TypedClient['sample'] {
  const simple = operations.find(
    ({ verb, args, query, headers, responseType }) =>
      verb === 'GET' &&
      query === undefined &&
      headers === undefined &&
      responseType === undefined &&
      args.every(({ type }) => type === 'string'),
  );
  if (!simple) return null;
  const values = simple.args.map(() => "'1', ").join('');
  return { call: `${methodOf(simple)}(${values}`, path: simple.path.replaceAll(/\{[^}]+\}/g, '1') };
}
