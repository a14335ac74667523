import type { IncomingMessage, ServerResponse } from 'node:http';

/** Node's own request behind a framework's. */
export const rawRequest = (request: object): IncomingMessage =>
  'raw' in request ? (request.raw as IncomingMessage) : (request as IncomingMessage);

/** Node's own response behind a framework's. */
export const rawResponse = (response: object): ServerResponse =>
  'raw' in response ? (response.raw as ServerResponse) : (response as ServerResponse);

/** Client id of the caller that a guard left on the request as `user`, where there is one. */
export function clientOf(request: object): string | undefined {
  const { user } = request as { user?: { clientId?: unknown } };
  return typeof user?.clientId === 'string' ? user.clientId : undefined;
}
