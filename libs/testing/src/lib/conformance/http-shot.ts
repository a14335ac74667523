import { Agent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { type IssuedCertificate } from '../keys/certificate-authority.js';

/** One request, header lines exactly as given: twice the same name is two lines. */
export interface Shot {
  /** Default: the method of the request under test. */
  readonly method?: string;
  /** Default: the path of the request under test. Sent as it is. */
  readonly path?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** The client's certificate for the TLS connection. Default: none. */
  readonly certificate?: IssuedCertificate;
}

/** What came back. */
export interface Answered {
  readonly status: number;
  /** Every `WWW-Authenticate` line. */
  readonly challenges: readonly string[];
  readonly retryAfter: string | undefined;
  /** `DPoP-Nonce` (RFC 9449, section 9). */
  readonly dpopNonce: string | undefined;
  readonly contentType: string;
  readonly body: string;
  /** Milliseconds until the whole answer was there. */
  readonly tookMs: number;
}

interface Target {
  readonly baseUrl: string;
  /** Who vouches for the service's certificate, PEM. */
  readonly ca: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const deadlineMs = 15_000;
const agent = new Agent({ keepAlive: false });

function open(target: Target, shot: Shot, options: RequestOptions) {
  if (new URL(target.baseUrl).protocol === 'http:') return httpRequest({ ...options, agent });
  const { certificate } = shot;
  const tls = new TlsAgent({
    keepAlive: false,
    ...(target.ca && { ca: target.ca }),
    ...(certificate && { cert: certificate.certificate, key: certificate.key }),
  });
  return httpsRequest({ ...options, agent: tls });
}

/** Sends one request over HTTP/1.1 without normalising it. */
export function fire(target: Target, shot: Shot): Promise<Answered> {
  const { hostname, port } = new URL(target.baseUrl);
  const method = shot.method ?? target.method;
  const body = target.body === undefined || method === 'HEAD' ? undefined : JSON.stringify(target.body);
  const lines: [string, string][] = [
    ['host', `${hostname}:${port}`],
    ['accept', 'application/json'],
    ...(body === undefined
      ? []
      : ([
          ['content-type', 'application/json'],
          ['content-length', String(Buffer.byteLength(body))],
        ] as [string, string][])),
    ...(shot.headers ?? []).map(([name, value]): [string, string] => [name, value]),
  ];
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = open(target, shot, {
      hostname,
      port,
      method,
      path: shot.path ?? target.path,
      headers: lines.flat(),
      setHost: false,
      signal: AbortSignal.timeout(deadlineMs),
    });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          challenges: incoming.headersDistinct['www-authenticate'] ?? [],
          retryAfter: incoming.headers['retry-after'],
          dpopNonce: incoming.headersDistinct['dpop-nonce']?.join(', '),
          contentType: incoming.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString(),
          tookMs: performance.now() - began,
        }),
      );
    });
    outgoing.end(body);
  });
}
