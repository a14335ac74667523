import * as oauth from 'oauth4webapi';
import { M2mError } from '../errors/m2m-error.js';
import { type ProviderName, presets } from '../presets/preset.js';
import type { MintedToken, TokenEndpoint } from '../tokens/minted-token.js';
import type { TokenRequest } from '../tokens/token-request.js';
import { type ClientCredential, clientAuthentications } from './client-authentication.js';
import { clientQuotaOf } from './client-quota.js';
import { callOptions, discover, type ServerLocation } from './discovery.js';
import { readToken } from './read-token.js';
import { refusalError } from './refusal.js';
import { retryAfterOf } from './retry-after.js';

/** One client at one authorization server. */
export interface OAuthTokenEndpointOptions extends ServerLocation {
  /** The calling service, for messages. */
  readonly service: string;
  readonly clientId: string;
  readonly provider: ProviderName;
  readonly credential: ClientCredential;
}

/** The client-credentials grant (RFC 6749 §4.4) of one client. Metadata is read when it is first needed, and kept. */
export class OAuthTokenEndpoint implements TokenEndpoint {
  readonly #options: OAuthTokenEndpointOptions;
  #server: oauth.AuthorizationServer | undefined;

  constructor(options: OAuthTokenEndpointOptions) {
    this.#options = options;
  }

  async mint(request: TokenRequest, signal: AbortSignal): Promise<MintedToken> {
    const server = await this.#metadata(request, signal);
    let rejection: M2mError | undefined;
    for (const authentication of await this.#authentications(server, request)) {
      try {
        return await this.#ask(server, authentication, request, signal);
      } catch (error) {
        if (!(error instanceof M2mError) || error.code !== 'client_rejected') throw error;
        rejection = rejection ?? error;
      }
    }
    throw rejection as M2mError;
  }

  async #metadata(request: TokenRequest, signal: AbortSignal): Promise<oauth.AuthorizationServer> {
    try {
      return (this.#server ??= await discover(this.#options, signal));
    } catch (error) {
      throw this.#unreachable(request, error);
    }
  }

  async #authentications(
    server: oauth.AuthorizationServer,
    { audience }: TokenRequest,
  ): Promise<oauth.ClientAuth[]> {
    const { provider, credential, clientId, service } = this.#options;
    try {
      return await clientAuthentications(credential, presets[provider], server);
    } catch (error) {
      const reason = (error as Error).message;
      const message = `${service} has no token for ${audience}: client ${clientId} cannot prove who it is, because ${reason}.`;
      throw new M2mError('client_rejected', message, { audience });
    }
  }

  async #ask(
    server: oauth.AuthorizationServer,
    authentication: oauth.ClientAuth,
    request: TokenRequest,
    signal: AbortSignal,
  ): Promise<MintedToken> {
    const { clientId, issuer, service, provider, allowInsecure } = this.#options;
    const preset = presets[provider];
    const options = callOptions(new URL(server.token_endpoint as string), allowInsecure, signal);
    let response: Response;
    try {
      const client = { client_id: clientId };
      const parameters = preset.parameters(request);
      response = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        authentication,
        parameters,
        options,
      );
    } catch (error) {
      throw this.#unreachable(request, error);
    }
    const body = await readJson(response);
    const { status, headers } = response;
    if (status !== 200) {
      if (status === 404 || status === 405 || status >= 500) this.#server = undefined;
      const { error, error_description: description } = body ?? {};
      const retryAfter = retryAfterOf(headers.get('retry-after'), Date.now());
      throw refusalError({
        service,
        audience: request.audience,
        clientId,
        issuer,
        status,
        ...(typeof error === 'string' && { error }),
        ...(typeof description === 'string' && { description }),
        ...(retryAfter !== undefined && { retryAfter }),
      });
    }
    const quota = clientQuotaOf(headers.get('auth0-client-quota-limit'));
    return { ...(await readToken(body, request, preset, this.#options)), ...(quota && { quota }) };
  }

  #unreachable({ audience }: TokenRequest, error: unknown): M2mError {
    if (error instanceof M2mError) return error;
    const { service, issuer } = this.#options;
    return new M2mError(
      'issuer_unreachable',
      `${service} has no token for ${audience}: the authorization server ${issuer} could not be asked (${reasonOf(error)}). Check that it runs and that AUTH_ISSUER is right.`,
      { audience },
    );
  }
}

async function readJson(response: Response): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Why a request failed, without anything of the request: the system's code, or the message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : error.message;
}
