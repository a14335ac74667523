import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a stand-in received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What a stand-in answers: a status with a body, or whatever `raw` does with the response itself. */
export type StandInAnswer =
  | { readonly status: number; readonly body?: unknown; readonly type?: string }
  | { readonly raw: (response: ServerResponse) => void };

type Answering = (request: ReceivedRequest) => StandInAnswer | Promise<StandInAnswer>;

/** Stands in for the service that is called: answers what a test says, and keeps what it was asked. */
export class StandIn {
  readonly requests: ReceivedRequest[] = [];
  #answer: Answering = () => ({ status: 500 });
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens; a second time on the port of the first. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** From now on answers so. */
  answers(answer: StandInAnswer | Answering): void {
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

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const received: ReceivedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: text ? (JSON.parse(text) as unknown) : undefined,
    };
    this.requests.push(received);
    const answer = await this.#answer(received);
    if ('raw' in answer) return answer.raw(response);
    const { status, body, type = 'application/json' } = answer;
    response.writeHead(status, { 'content-type': type });
    response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  }
}
