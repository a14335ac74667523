import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** The requests a server is answering, so that it can stop without cutting any of them off. */
export class RequestsInFlight {
  readonly #responses = new Set<ServerResponse>();
  #draining = false;
  #whenIdle: (() => void) | undefined;

  /** How many requests are being answered. */
  get count(): number {
    return this.#responses.size;
  }

  /** Counts a request until its response is closed. */
  add(_request: IncomingMessage, response: ServerResponse): void {
    this.#responses.add(response);
    if (this.#draining) closeAfter(response);
    response.once('close', () => {
      this.#responses.delete(response);
      if (this.#responses.size === 0) this.#whenIdle?.();
    });
  }

  /**
   * Stops accepting connections, lets the requests in flight finish, and closes every connection. What has not finished
   * within the grace is cut off.
   *
   * @param server the server that answers them
   * @param grace milliseconds
   * @returns how many requests were cut off
   */
  async drain(server: Server, grace: number): Promise<number> {
    this.#draining = true;
    for (const response of this.#responses) closeAfter(response);
    if (server.listening) server.close();
    server.closeIdleConnections();
    const cutOff = (await this.#idleWithin(grace)) ? 0 : this.#responses.size;
    server.closeAllConnections();
    return cutOff;
  }

  #idleWithin(grace: number): Promise<boolean> {
    if (this.#responses.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), grace);
      this.#whenIdle = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
