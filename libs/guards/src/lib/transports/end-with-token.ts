import type { Duplex } from 'node:stream';
import type { HttpRequest } from './http-request.js';

/** The part of a handshake's request that leads to its connection. */
interface Handshake extends HttpRequest {
  readonly socket?: Duplex;
  readonly raw?: HttpRequest['raw'] & { readonly socket?: Duplex };
}

/** A close frame with status 1008, policy violation (RFC 6455 §5.5.1, §7.4.1). Frames of a server are not masked. */
const POLICY_VIOLATION = Buffer.from([0x88, 0x02, 0x03, 0xf0]);
/** The longest wait of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

const watched = new WeakSet<Duplex>();

/**
 * Ends a WebSocket connection when the token of its handshake expires, whoever holds the connection: Nest asks its
 * guards when a GraphQL subscription begins, and not for the events that follow. The peer is sent the close frame
 * 1008. A request that is no handshake is left alone.
 *
 * @param request the request of the handshake, as the GraphQL context holds it
 * @param expiresAt when the token expires, in seconds since the epoch
 */
export function endWithToken(request: Handshake, expiresAt: number): void {
  const { upgrade } = request.headers;
  const socket = request.raw?.socket ?? request.socket;
  if (typeof upgrade !== 'string' || upgrade.toLowerCase() !== 'websocket') return;
  if (!socket || socket.destroyed || watched.has(socket)) return;
  watched.add(socket);
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const remaining = expiresAt * 1_000 - Date.now();
    if (remaining > 0) timer = setTimeout(wait, Math.min(remaining, LONGEST)).unref();
    else socket.end(POLICY_VIOLATION, () => socket.destroy());
  };
  socket.once('close', () => clearTimeout(timer));
  wait();
}
