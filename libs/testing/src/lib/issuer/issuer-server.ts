import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { type Endpoint, type Faults } from './faults/fault.js';
import { type FaultBox } from './faults/fault-box.js';
import { answerFaultily, isTransportFault } from './faults/transport-fault.js';
import { oauthError, send, type Answer } from './http-exchange.js';
import { type LoopbackTls } from './options.js';
import { type RequestLog } from './request-log.js';

const paths: Readonly<Record<string, Endpoint>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/.well-known/oauth-authorization-server': 'discovery',
  '/.well-known/jwks.json': 'jwks',
  '/oauth/token': 'token',
};

interface IssuerServerOptions {
  readonly faults: FaultBox;
  readonly requests: RequestLog;
  readonly tls: LoopbackTls | undefined;
  /** Makes the answer of an endpoint, spoilt by a fault that is not one of the transport. */
  readonly answer: <E extends Endpoint>(
    endpoint: E,
    request: IncomingMessage,
    fault: Faults[E] | undefined,
  ) => Promise<Answer>;
}

/** The HTTP side of an issuer: routes, counts, and the faults of the transport. */
export class IssuerServer {
  readonly #server;
  readonly #options: IssuerServerOptions;
  #origin = '';

  constructor(options: IssuerServerOptions) {
    this.#options = options;
    const { tls } = options;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      this.#handle(request, response).catch(() => response.destroy());
    };
    this.#server = tls
      ? createHttpsServer(
          { cert: tls.certificate, key: tls.key, requestCert: true, rejectUnauthorized: false },
          listener,
        )
      : createHttpServer(listener);
  }

  /** Such as `http://127.0.0.1:41234`. */
  get origin(): string {
    return this.#origin;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const scheme = this.#options.tls ? 'https' : 'http';
    this.#origin = `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Stops at once: requests that hang are cut off. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.#origin);
    const endpoint = paths[pathname];
    if (!endpoint) return send(response, oauthError(404, 'not_found'));
    const { faults, requests, answer } = this.#options;
    requests.count(endpoint);
    const fault = searchParams.has('detour') ? undefined : faults.take(endpoint);
    if (!isTransportFault(fault)) return send(response, await answer(endpoint, request, fault));
    await answerFaultily(fault, {
      response,
      detour: `${this.#origin}${pathname}?detour`,
      rightAnswer: () => answer(endpoint, request, undefined),
    });
  }
}
