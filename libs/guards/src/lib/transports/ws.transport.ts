import { messageRefusal } from './message-refusal.js';
import { peerExceptions } from './peer-exceptions.js';
import type { Transport } from './transport.js';
import { connectedToken } from './ws-handshake.js';

/**
 * WebSocket: the token of the handshake, checked again for every message, so that one that expires, loses its key or
 * is denied ends what the connection may do.
 */
export const wsTransport: Transport = {
  carrier: (context) => context.switchToWs().getClient<object>(),
  credentials: (context) => connectedToken(context.switchToWs().getClient<object>()),
  refusal: (_context, error) => new (peerExceptions.ws())(messageRefusal(error)),
};
