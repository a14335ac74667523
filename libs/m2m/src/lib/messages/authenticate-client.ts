import type { ClientProxy } from '@nestjs/microservices';
import { connectable, type Observable, Subject } from 'rxjs';
import { callWithToken } from './call-with-token.js';
import { carrierOf } from './message-carrier.js';
import type { MessageTokens } from './message-tokens.js';

/**
 * Makes every message of a client carry the connection's token: `send` waits for it, `emit` sends as soon as it is
 * there. The client is the same object; nothing of it sends without a token any more.
 *
 * @throws M2mError `connection_misconfigured` for a transport that carries no token
 */
export async function authenticateClient(client: ClientProxy, tokens: MessageTokens): Promise<ClientProxy> {
  const carry = await carrierOf(client, tokens);
  const send = client.send.bind(client);
  const emit = client.emit.bind(client);
  client.send = <T>(pattern: unknown, data: unknown): Observable<T> =>
    callWithToken<T>(tokens, {
      send: (token) => send<T>(pattern, carry(data, token)),
      refused: saysInvalidToken,
      replayable: true,
    });
  client.emit = <T>(pattern: unknown, data: unknown): Observable<T> => {
    const event = callWithToken<T>(tokens, {
      send: (token) => emit<T>(pattern, carry(data, token)),
      refused: () => false,
      replayable: false,
    });
    const sent = connectable(event, { connector: () => new Subject<T>(), resetOnDisconnect: false });
    sent.connect();
    return sent;
  };
  return client;
}

/** The refusal of `@countersign/guards` over messages, in the words of RFC 6750 §3.1. */
const saysInvalidToken = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'statusCode' in error &&
  error.statusCode === 401 &&
  'error' in error &&
  error.error === 'invalid_token';
