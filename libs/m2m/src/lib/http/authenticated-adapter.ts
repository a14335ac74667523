import { Readable } from 'node:stream';
import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';
import { M2mError } from '../errors/m2m-error.js';
import { actingConnection } from '../exchange/acting-connection.js';
import type { SenderBinding } from '../sender/sender-binding.js';
import { passTraceOn } from '../telemetry/trace-headers.js';
import { broughtByConfig } from './brought-by-config.js';
import { CallDeadline } from './call-deadline.js';
import { bearerChallenge } from './challenge.js';
import { cleanConfig, cleanError, cleanResponse, letGo } from './clean-response.js';
import type { Connection } from './connection.js';
import type { Credentials } from './credentials.js';
import { finalUrl } from './final-url.js';
import { pinnedUrl } from './pinned-url.js';
import { redirectRefused } from './redirect-refused.js';
import { refuseOwnCredentials } from './refuse-own-credentials.js';
import { isReplayable } from './replayable.js';
import { sendWithToken } from './send-with-token.js';
import type { TokenSource } from './token-source.js';
import { wireHeaders } from './wire-headers.js';

/**
 * An axios adapter that sends every call with the connection's token. It sees the final URL and the serialised body, so
 * the token goes to the connection's own origin and path and nowhere else. Redirects are not followed. The wait for the
 * token counts against the call's own timeout. A call is sent once more where {@link sendWithToken} says so.
 *
 * @param sender what the tokens are bound to
 * @param send the adapter that sends; default axios' own for Node.js
 */
export function authenticatedAdapter(
  own: Connection,
  tokens: TokenSource,
  sender: SenderBinding,
  send: AxiosAdapter = axios.getAdapter('http'),
): AxiosAdapter {
  return async (config) => {
    const connection = actingConnection(own, (config as { readonly onBehalfOf?: unknown }).onBehalfOf);
    const url = pinnedUrl(finalUrl(config, connection), connection);
    refuseOwnCredentials(broughtByConfig(config), connection);
    passTraceOn(config.headers);
    const deadline = new CallDeadline(config, connection);
    try {
      const response = await sendWithToken(connection, tokens, sender, deadline, {
        method: config.method ?? 'get',
        url,
        replayable: isReplayable(config.data),
        send: (credentials) => send(wireConfig(config, url, credentials, deadline, connection)),
        status: ({ status }) => status,
        header: ({ headers }, name) => headers[name] as unknown,
        discard,
      });
      return settle(response, config, connection);
    } catch (error) {
      throw failure(error, config, deadline);
    } finally {
      deadline.end();
    }
  };
}

/** What is really sent: the URL that was checked, the credentials, and nothing that could take them elsewhere. */
function wireConfig(
  config: InternalAxiosRequestConfig,
  url: URL,
  credentials: Credentials,
  { signal }: CallDeadline,
  { maxResponseBytes }: Connection,
): InternalAxiosRequestConfig {
  const { agent } = credentials;
  // axios' configuration has no prototype and is no fast object: a spread of it costs ten times as much as this.
  return Object.assign(Object.create(null) as InternalAxiosRequestConfig, config, {
    url: url.href,
    headers: wireHeaders(config, credentials),
    baseURL: undefined,
    params: undefined,
    signal,
    cancelToken: undefined,
    beforeRedirect: undefined,
    timeout: 0,
    maxRedirects: 0,
    maxContentLength: maxResponseBytes,
    validateStatus: null,
    proxy: false as const,
    ...(agent && { httpsAgent: agent }),
  });
}

/** Lets go of the answer that is not handed on. */
function discard(response: AxiosResponse<unknown>): void {
  if (response.data instanceof Readable) letGo(response.data, response);
}

function settle(
  response: AxiosResponse,
  config: InternalAxiosRequestConfig,
  connection: Connection,
): AxiosResponse {
  const { name } = connection;
  const { status } = response;
  const refusedRedirect = redirectRefused(status, connection);
  if (refusedRedirect) {
    discard(response);
    throw refusedRedirect;
  }
  const clean = cleanResponse(response, config);
  if (!config.validateStatus || config.validateStatus(status)) return clean;
  const refused = new AxiosError(
    `${name} answered with status ${status}`,
    status >= 500 ? AxiosError.ERR_BAD_RESPONSE : AxiosError.ERR_BAD_REQUEST,
    cleanConfig(config),
    undefined,
    clean,
  );
  const { error, scope = 'a scope' } = bearerChallenge(response.headers['www-authenticate']);
  if (error === 'insufficient_scope') refused.message = lacking(connection, scope);
  throw refused;
}

const lacking = ({ name, request: { audience } }: Connection, scope: string): string =>
  `${name} refused the call: the token for ${audience} lacks ${scope}. Name it in "calls" of the caller's contract and in "allows" of ${name}'s, and add it to the client grant.`;

function failure(error: unknown, config: InternalAxiosRequestConfig, { signal }: CallDeadline): unknown {
  if (signal.aborted) return signal.reason instanceof M2mError ? signal.reason : new CanceledError();
  return error instanceof AxiosError ? cleanError(error, config) : error;
}
