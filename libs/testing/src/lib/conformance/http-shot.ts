import { Agent, request } from 'node:http';

/** One request, header lines exactly as given: twice the same name is two lines. */
export interface Shot {
  /** Default: the method of the request under test. */
  readonly method?: string;
  /** Default: the path of the request under test. Sent as it is. */
  readonly path?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** What came back. */
export interface Answered {
  readonly status: number;
  /** Every `WWW-Authenticate` line. */
  readonly challenges: readonly string[];
  readonly retryAfter: string | undefined;
  readonly contentType: string;
  readonly body: string;
  /** Milliseconds until the whole answer was there. */
  readonly tookMs: number;
}

interface Target {
  readonly baseUrl: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const deadlineMs = 15_000;
const agent = new Agent({ keepAlive: false });

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
    const outgoing = request({
      agent,
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
          contentType: incoming.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString(),
          tookMs: performance.now() - began,
        }),
      );
    });
    outgoing.end(body);
  });
}
