import type { Duplex } from 'node:stream';

/** A connection, over TLS where it can name its peer. */
interface Connection extends Duplex {
  readonly encrypted?: boolean;
  getPeerCertificate?(): { readonly raw?: Uint8Array } | null;
}

/** What only Node's own request has. */
interface NodeRequest {
  /** The header list as received. */
  readonly rawHeaders?: readonly string[];
  readonly socket?: Connection;
  /** True where the connection was handed over to another protocol, whatever the headers say. */
  readonly upgrade?: boolean;
  readonly httpVersionMajor?: number;
  /** Of HTTP/2 alone. */
  readonly stream?: { readonly session?: object | undefined };
}

/** What the guards read of an HTTP request. Fastify's and Express's requests both have it. */
export interface HttpRequest extends NodeRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly url: string;
  readonly query?: unknown;
  readonly body?: unknown;
  /** Node's own request under Fastify's; Express's is one itself. */
  readonly raw?: NodeRequest;
  /** Where Passport, and whoever follows it, looks for who is calling. */
  user?: unknown;
}

/** What the guards write of an HTTP response. Fastify's reply and Express's response both have it. */
export interface HttpResponse {
  header(name: string, value: string): unknown;
}

/** Node's own request: the one under Fastify's, or Express's, which is one itself. */
export function receivedOf(request: HttpRequest): NodeRequest {
  return request.raw ?? request;
}

/** The socket of a request. */
export function socketOf(request: HttpRequest): Connection | undefined {
  return receivedOf(request).socket;
}

/** What carries a client's requests in turn: the socket of one over HTTP/1.1, the session of one over HTTP/2. */
export function connectionOf(request: HttpRequest): object | undefined {
  const received = receivedOf(request);
  return received.httpVersionMajor === 2 ? received.stream?.session : received.socket;
}
