import type { HttpService } from '@nestjs/axios';
import axios from 'axios';
import { M2mError } from '../errors/m2m-error.js';
import type { SenderBinding } from '../sender/sender-binding.js';
import { authenticatedAdapter } from './authenticated-adapter.js';
import { CancellingHttpService } from './cancelling-http-service.js';
import type { Connection } from './connection.js';
import type { TokenSource } from './token-source.js';

/** An `HttpService` on an axios instance of its own, every request of which carries the connection's token. */
export function createHttpService(
  connection: Connection,
  tokens: TokenSource,
  sender: SenderBinding,
): HttpService {
  const { base, timeout, name, request } = connection;
  const instance = axios.create({
    baseURL: base.href,
    timeout,
    adapter: authenticatedAdapter(connection, tokens, sender),
  });
  instance.interceptors.request.use(
    (config) => {
      if (config.adapter === instance.defaults.adapter) return config;
      throw new M2mError(
        'connection_misconfigured',
        `A call to ${name} was not sent: it brings an adapter of its own, which would leave out the token.`,
        { audience: request.audience },
      );
    },
    undefined,
    { synchronous: true },
  );
  return new CancellingHttpService(instance);
}
