import { Readable } from 'node:stream';
import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';
import { M2mError } from '../errors/m2m-error.js';
import type { AccessToken } from '../tokens/access-token.js';
import type { GetTokenOptions, TokenRequest } from '../tokens/token-request.js';
import { CallDeadline } from './call-deadline.js';
import { bearerChallenge } from './challenge.js';
import { cleanConfig, cleanError, cleanResponse } from './clean-response.js';
import type { Connection } from './connection.js';
import { finalUrl } from './final-url.js';
import { pinnedUrl } from './pinned-url.js';
import { refuseOwnCredentials } from './refuse-own-credentials.js';
import { isReplayable } from './replayable.js';

/** Where an adapter gets its tokens from. */
export interface TokenSource {
  getToken(options: GetTokenOptions): Promise<AccessToken>;
  peek(request: TokenRequest, minTtl?: number): AccessToken | undefined;
  drop(request: TokenRequest, fingerprint: string): boolean;
}

const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * An axios adapter that sends every call with the connection's token. It sees the final URL and the serialised body, so
 * the token goes to the connection's own origin and path and nowhere else. Redirects are not followed. The wait for the
 * token counts against the call's own timeout. Where the callee says `invalid_token` (RFC 6750 §3.1), the call is sent
 * once more with another token, if its body can be sent twice.
 *
 * @param send the adapter that sends; default axios' own for Node.js
 */
export function authenticatedAdapter(
  connection: Connection,
  tokens: TokenSource,
  send: AxiosAdapter = axios.getAdapter('http'),
): AxiosAdapter {
  return async (config) => {
    const url = pinnedUrl(finalUrl(config, connection), connection);
    refuseOwnCredentials(config, connection);
    const deadline = new CallDeadline(config, connection);
    try {
      let token = await tokenFor(connection, tokens, deadline);
      let response = await send(wireConfig(config, url, token, deadline, connection));
      if (
        saysInvalidToken(response) &&
        tokens.drop(connection.request, token.fingerprint) &&
        isReplayable(config.data)
      ) {
        discard(response);
        const refused = token;
        token = await tokenFor(connection, tokens, deadline);
        if (token.fingerprint !== refused.fingerprint)
          response = await send(wireConfig(config, url, token, deadline, connection));
      }
      return settle(response, config, connection);
    } catch (error) {
      throw failure(error, config, deadline);
    } finally {
      config.headers.delete('Authorization');
      deadline.end();
    }
  };
}

async function tokenFor(
  { request }: Connection,
  tokens: TokenSource,
  deadline: CallDeadline,
): Promise<AccessToken> {
  if (deadline.signal.aborted) throw new CanceledError();
  const minTtl = deadline.left;
  return tokens.peek(request, minTtl) ?? tokens.getToken({ ...request, minTtl, signal: deadline.signal });
}

/** What is really sent: the URL that was checked, the token, and nothing that could take it elsewhere. */
function wireConfig(
  config: InternalAxiosRequestConfig,
  url: URL,
  token: AccessToken,
  { signal }: CallDeadline,
  { maxResponseBytes }: Connection,
): InternalAxiosRequestConfig {
  if (signal.aborted) throw new CanceledError();
  config.headers.set('Authorization', token.authorization);
  if (config.data === undefined || config.data === null) config.headers.delete('Content-Type');
  const wire: InternalAxiosRequestConfig = {
    ...config,
    url: url.href,
    signal,
    timeout: 0,
    maxRedirects: 0,
    maxContentLength: maxResponseBytes,
    validateStatus: null,
    proxy: false,
  };
  delete wire.baseURL;
  delete wire.params;
  delete wire.cancelToken;
  delete wire.beforeRedirect;
  return wire;
}

const saysInvalidToken = ({ status, headers }: AxiosResponse): boolean =>
  status === 401 && bearerChallenge(headers['www-authenticate']).error === 'invalid_token';

/** Lets go of the answer that is not handed on. */
function discard({ data }: AxiosResponse<unknown>): void {
  if (data instanceof Readable) data.destroy();
}

function settle(
  response: AxiosResponse,
  config: InternalAxiosRequestConfig,
  connection: Connection,
): AxiosResponse {
  const { name, request } = connection;
  const { status } = response;
  if (redirects.has(status)) {
    discard(response);
    throw new M2mError(
      'redirect_refused',
      `${name} answered with a redirect (${status}), which is not followed with a token. Correct the base URL of the connection.`,
      { audience: request.audience },
    );
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
