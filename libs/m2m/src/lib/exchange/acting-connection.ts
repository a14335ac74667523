import { M2mError } from '../errors/m2m-error.js';
import type { Connection } from '../http/connection.js';
import { type CallerToken, subjectTokenOf } from './on-behalf-of.js';

/**
 * The connection as one call uses it: as it is, or on behalf of a caller where it is flagged so.
 *
 * @param given what the call says of its caller (`onBehalfOf`)
 * @throws M2mError `subject_missing` where the connection needs a caller and none is named; `connection_misconfigured`
 * where one is named that the connection would not act for
 */
export function actingConnection(connection: Connection, given: unknown): Connection {
  const { exchange, name, request, callerToken } = connection;
  if (!exchange) {
    if (given === undefined) return connection;
    throw new M2mError(
      'connection_misconfigured',
      `A call to ${name} was not sent: it names a caller, but the connection acts for this service itself. Set exchange: true on the connection.`,
      { audience: request.audience },
    );
  }
  const caller = (given as CallerToken | undefined) ?? callerToken?.();
  if (caller !== undefined)
    return { ...connection, request: { ...request, subject: subjectTokenOf(caller) } };
  throw new M2mError(
    'subject_missing',
    `A call to ${name} was not sent: it is made on behalf of a caller, and none is named. Add ...onBehalfOf(request) to the call.`,
    { audience: request.audience },
  );
}
