import type { IncomingMessage } from 'node:http';
import { AuthError } from '../errors/auth-error.js';
import { bearerToken } from './bearer-token.js';

const tokens = new WeakMap<object, string>();

/**
 * The bearer token of a WebSocket handshake (RFC 6455 §4.1): of its `Authorization` header, as for any other request.
 *
 * @throws AuthError `token_missing`, `request_malformed`
 */
export function handshakeToken({ headers, rawHeaders, url = '/' }: IncomingMessage): string {
  const query = Object.fromEntries(new URLSearchParams(url.slice(url.indexOf('?') + 1)));
  return bearerToken({ headers, rawHeaders, url, query });
}

/** Keeps the token that a client connected with for as long as the connection lives, to check it again. */
export function keepToken(client: object, token: string): void {
  tokens.set(client, token);
}

/**
 * The token that a client connected with: kept by `AuthWsAdapter`, or in the handshake that Socket.IO keeps itself.
 *
 * @throws AuthError `token_missing`, `request_malformed`
 */
export function connectedToken(client: object & { readonly request?: IncomingMessage }): string {
  const kept = tokens.get(client);
  if (kept !== undefined) return kept;
  if (!client.request?.headers) throw new AuthError('token_missing');
  return handshakeToken(client.request);
}
