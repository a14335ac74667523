import type { Duplex } from 'node:stream';
import { atExpiry } from '../time/at-expiry.js';
import { type HttpRequest, receivedOf } from './http-request.js';

/** A close frame with status 1008, policy violation (RFC 6455 §5.5.1, §7.4.1). Frames of a server are not masked. */
const POLICY_VIOLATION = Buffer.from([0x88, 0x02, 0x03, 0xf0]);

const watched = new WeakSet<Duplex>();

/**
 * Ends a WebSocket connection when the token of its handshake expires, whoever holds the connection: Nest asks its
 * guards when a GraphQL subscription begins, and not for the events that follow. The peer is sent the close frame
 * 1008. A request that is no handshake is left alone: its connection may serve others, and its header `Upgrade` is but
 * what the client says.
 *
 * @param request the request of the handshake, as the GraphQL context holds it
 * @param expiresAt when the token expires, in seconds since the epoch
 */
export function endWithToken(request: HttpRequest, expiresAt: number): void {
  const { upgrade: protocol } = request.headers;
  const { socket, upgrade } = receivedOf(request);
  if (upgrade !== true || typeof protocol !== 'string' || protocol.toLowerCase() !== 'websocket') return;
  if (!socket || socket.destroyed || watched.has(socket)) return;
  watched.add(socket);
  socket.once(
    'close',
    atExpiry(expiresAt, () => socket.end(POLICY_VIOLATION, () => socket.destroy())),
  );
}
