import { M2mError } from '../errors/m2m-error.js';
import { type Connection, connectionOf } from '../http/connection.js';
import type { M2mModuleOptions } from './m2m-module-options.js';

/**
 * The connection to a callee, with everything filled in.
 *
 * @throws M2mError `connection_unknown`, with the list of choices
 */
export function findConnection({ connections, onBehalfOf }: M2mModuleOptions, callee: string): Connection {
  const options = Object.hasOwn(connections, callee) ? connections[callee] : undefined;
  if (options !== undefined)
    return { ...connectionOf(callee, options), ...(onBehalfOf && { callerToken: onBehalfOf }) };
  const choices = Object.keys(connections).sort().join(', ') || 'none';
  throw new M2mError(
    'connection_unknown',
    `There is no connection ${callee}. Choices: ${choices}. Name ${callee} in "calls" of the contract, or in the connections of M2mModule.forRoot.`,
  );
}
