import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { readBody } from './read-body.js';

/** A request that a {@link StandIn} received. */
export interface ReceivedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it is JSON; else the text; `undefined` where there was none. */
  readonly body: unknown;
}

/** What a {@link StandIn} answers: a status with a body, or whatever `raw` does with the response itself. */
export type StandInAnswer =
  | {
      readonly status: number;
      /** Sent as JSON; a string is sent as it is. */
      readonly body?: unknown;
      /** `Content-Type`. Default `application/json`. */
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly raw: (response: ServerResponse) => void };

/** Answers a request, at once or later. */
export type StandInHandler = (request: ReceivedRequest) => StandInAnswer | Promise<StandInAnswer>;

/**
 * Stands in for a service that is called: an HTTP server on 127.0.0.1 that answers what a test says, and keeps what it
 * was asked. Until it is told, it answers 500.
 *
 * @example
 * await using inventory = await StandIn.start({ status: 201, body: { status: 'reserved' } });
 * const app = await createOrders({ INVENTORY_URL: inventory.url });
 * expect(inventory.requests).toMatchObject([{ method: 'POST', path: '/reservations' }]);
 */
export class StandIn implements AsyncDisposable {
  /** What it was asked, oldest first. A test may empty it. */
  readonly requests: ReceivedRequest[] = [];
  #answer: StandInHandler = () => ({ status: 500 });
  #server: Server | undefined;
  #port = 0;

  /**
   * A stand-in that listens.
   *
   * @param answer what it answers to begin with; default 500
   */
  static async start(answer?: StandInAnswer | StandInHandler): Promise<StandIn> {
    const standIn = new StandIn();
    if (answer) standIn.answers(answer);
    await standIn.listen();
    return standIn;
  }

  /** Its base URL, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens; after {@link StandIn.close} on the port of before. */
  async listen(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** From now on answers so. */
  answers(answer: StandInAnswer | StandInHandler): void {
    this.#answer = typeof answer === 'function' ? answer : () => answer;
  }

  /** Stops listening and cuts every connection off. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received: ReceivedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: parsed(await readBody(request)),
    };
    this.requests.push(received);
    const answer = await this.#answer(received);
    if ('raw' in answer) return answer.raw(response);
    const { status, body, type = 'application/json', headers } = answer;
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
