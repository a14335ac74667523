import type { Origin } from '../store/schema.js';
import { inexistent, ManagementError } from './management.error.js';

/**
 * A row that must be there.
 *
 * @param kind its name in the error code, such as `client_grant`
 * @throws {@link ManagementError} 404 `inexistent_<kind>`
 */
export function found<Row>(row: Row | undefined, kind: string): Row {
  if (row === undefined) throw inexistent(kind);
  return row;
}

/**
 * A row that may be changed: the issuer's own may not.
 *
 * @param name what it is called in the message
 * @throws {@link ManagementError} 403 `operation_not_supported`
 */
export function changeable<Row extends { readonly origin: Origin }>(row: Row, name: string): Row {
  if (row.origin !== 'system') return row;
  throw new ManagementError(403, 'operation_not_supported', `The ${name} cannot be changed or deleted.`);
}

/**
 * Whether a request changes anything. Tools that keep a tenant in Git send everything each time: what is the same is no
 * change by a person.
 */
export const changes = <Row extends object>(row: Row, values: Partial<Row>): boolean =>
  Object.entries(values).some(([column, value]) => row[column as keyof Row] !== value);
