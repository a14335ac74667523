import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A loopback HTTP server that publishes a key set at `/jwks` and, never going wrong, at `/elsewhere`, and other
 * documents as it is told.
 */
export class KeyServer {
  /** Requests so far, by path. */
  readonly requests: string[] = [];
  /** What the key set answers in place of the keys. */
  fault: Answer | undefined;
  /** More documents, by path. */
  readonly documents = new Map<string, Answer>();

  private constructor(
    private readonly server: Server,
    public keys: readonly object[],
  ) {}

  static async start(keys: readonly object[] = []): Promise<KeyServer> {
    const server = createServer();
    const keyServer = new KeyServer(server, keys);
    server.on('request', (request, response) => keyServer.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return keyServer;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get issuer(): string {
    return `${this.origin}/`;
  }

  get jwksUri(): string {
    return `${this.origin}/jwks`;
  }

  /** How often the keys were asked for. */
  get fetches(): number {
    return this.requests.filter((path) => path === '/jwks').length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.requests.push(path);
    response.on('error', () => undefined);
    const document = this.documents.get(path);
    if (document) return document(request, response);
    if (path !== '/jwks' && path !== '/elsewhere') return void response.writeHead(404).end();
    if (this.fault && path === '/jwks') return this.fault(request, response);
    json({ keys: this.keys })(request, response);
  }
}

/** Answers with this value as JSON. */
export function json(value: unknown): Answer {
  return (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Ways in which a key set goes wrong. */
export const faults = {
  'status 500': (_request, response) => void response.writeHead(500).end('{}'),
  'status 404': (_request, response) => void response.writeHead(404).end('{}'),
  'status 204': (_request, response) => void response.writeHead(204).end(),
  'a hung connection': () => undefined,
  'a body that drips': (_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 20).unref();
    response.on('close', () => clearInterval(timer));
  },
  'a truncated body': (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"keys":[');
    setTimeout(() => response.destroy(), 10).unref();
  },
  'a connection that is reset': (request) => void request.socket.destroy(),
  'an empty set': json({ keys: [] }),
  'no keys member': json({ jwks: [] }),
  'keys that are no list': json({ keys: { kid: 'a' } }),
  'a set of strange keys only': json({ keys: [{ kty: 'oct', k: 'AAAA' }, null, 7, 'key', []] }),
  HTML: (_request, response) => void response.writeHead(200).end('<!doctype html><title>Maintenance</title>'),
  'an empty body': (_request, response) => void response.writeHead(200).end(),
  'a list': json([]),
  'bytes that are not UTF-8': (_request, response) =>
    void response.writeHead(200).end(Buffer.from([0x7b, 0xff, 0x7d])),
  'a huge body': (_request, response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(65_536, ' ');
    const pump = (): void => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', pump);
    };
    pump();
  },
  'a redirect': (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
  'too many keys': json({
    keys: Array.from({ length: 101 }, (_, index) => ({ kty: 'RSA', kid: `${index}` })),
  }),
} satisfies Record<string, Answer>;
