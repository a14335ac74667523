import type * as oauth from 'oauth4webapi';
import { M2mError } from '../errors/m2m-error.js';
import { type ProviderName, presets } from '../presets/preset.js';
import type { SenderBinding } from '../sender/sender-binding.js';
import type { MintedToken, TokenEndpoint } from '../tokens/minted-token.js';
import type { TokenRequest } from '../tokens/token-request.js';
import type { Send } from './bounded-fetch.js';
import { type ClientCredential, clientAuthentications } from './client-authentication.js';
import { clientQuotaOf } from './client-quota.js';
import { discover, type ServerLocation } from './discovery.js';
import { grantOf } from './grant.js';
import { nodeFetch } from './node-fetch.js';
import { readToken } from './read-token.js';
import { refusalError } from './refusal.js';
import { retryAfterOf } from './retry-after.js';
import { sendGrant } from './send-grant.js';
import type { TokenAnswer } from './token-answer.js';

/** One client at one authorization server. */
export interface OAuthTokenEndpointOptions extends ServerLocation {
  /** The calling service, for messages. */
  readonly service: string;
  readonly clientId: string;
  readonly provider: ProviderName;
  readonly credential: ClientCredential;
  /** What tokens are bound to. */
  readonly sender: SenderBinding;
}

/** Token requests of one client, client credentials first. Metadata is read when it is first needed, and kept. */
export class OAuthTokenEndpoint implements TokenEndpoint {
  readonly #options: OAuthTokenEndpointOptions;
  #server: oauth.AuthorizationServer | undefined;

  constructor(options: OAuthTokenEndpointOptions) {
    this.#options = options;
  }

  async mint(request: TokenRequest, signal: AbortSignal): Promise<MintedToken> {
    const send = await this.#send(request);
    const server = await this.#metadata(request, signal, send);
    let rejection: M2mError | undefined;
    for (const authentication of await this.#authentications(server, request)) {
      try {
        return await this.#ask(server, authentication, request, signal, send);
      } catch (error) {
        if (!(error instanceof M2mError) || error.code !== 'client_rejected') throw error;
        rejection = rejection ?? error;
      }
    }
    throw rejection as M2mError;
  }

  /** How to send, where a certificate is to be presented. */
  async #send({ audience }: TokenRequest): Promise<Send | undefined> {
    const { certificate } = this.#options.sender;
    if (!certificate) return undefined;
    try {
      return nodeFetch((await certificate.current()).agent);
    } catch (error) {
      throw this.#unproven(audience, error);
    }
  }

  async #metadata(
    request: TokenRequest,
    signal: AbortSignal,
    send: Send | undefined,
  ): Promise<oauth.AuthorizationServer> {
    try {
      return (this.#server ??= await discover(this.#options, signal, send));
    } catch (error) {
      throw this.#unreachable(request, error);
    }
  }

  async #authentications(
    server: oauth.AuthorizationServer,
    { audience }: TokenRequest,
  ): Promise<oauth.ClientAuth[]> {
    const { provider, credential } = this.#options;
    try {
      return await clientAuthentications(credential, presets[provider], server);
    } catch (error) {
      throw this.#unproven(audience, error);
    }
  }

  async #ask(
    server: oauth.AuthorizationServer,
    authentication: oauth.ClientAuth,
    request: TokenRequest,
    signal: AbortSignal,
    send: Send | undefined,
  ): Promise<MintedToken> {
    const preset = presets[this.#options.provider];
    const { clientId, sender, allowInsecure } = this.#options;
    const grant = grantOf(request, preset);
    let answer: TokenAnswer;
    try {
      const asked = { server, clientId, authentication, grant, sender, allowInsecure, send };
      answer = await sendGrant(asked, signal);
    } catch (error) {
      throw this.#unreachable(request, error);
    }
    if (answer.status !== 200) throw this.#refused(answer, request);
    const quota = clientQuotaOf(answer.headers.get('auth0-client-quota-limit'));
    const scheme = sender.dpop ? 'DPoP' : 'Bearer';
    return {
      ...(await readToken(answer.body, request, preset, scheme, this.#options)),
      ...(quota && { quota }),
    };
  }

  #refused({ status, headers, body }: TokenAnswer, { audience, subject }: TokenRequest): M2mError {
    if (status === 404 || status === 405 || status >= 500) this.#server = undefined;
    const { service, clientId, issuer } = this.#options;
    const { error, error_description: description } = body ?? {};
    const retryAfter = retryAfterOf(headers, Date.now());
    return refusalError({
      service,
      audience,
      clientId,
      issuer,
      status,
      exchange: subject !== undefined,
      ...(typeof error === 'string' && { error }),
      ...(typeof description === 'string' && { description }),
      ...(retryAfter !== undefined && { retryAfter }),
    });
  }

  #unproven(audience: string, error: unknown): M2mError {
    const { clientId, service } = this.#options;
    const reason = (error as Error).message;
    const message = `${service} has no token for ${audience}: client ${clientId} cannot prove who it is, because ${reason}.`;
    return new M2mError('client_rejected', message, { audience });
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

/** Why a request failed, without anything of the request: the system's code, or the message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const { code } = (error.cause ?? error) as { code?: unknown };
  return typeof code === 'string' && !code.startsWith('OAUTH_') ? code : error.message;
}
