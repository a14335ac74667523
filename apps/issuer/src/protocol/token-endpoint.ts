import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestFacts } from '../actions/action-event.js';
import type { DirectoryReader } from '../directory/directory-reader.js';
import type { EventLog, TokenEvent } from '../events/event-log.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { suffer } from '../faults/suffer.js';
import type { TokenSigner } from '../keys/token-signer.js';
import { malformed, rateLimited, TokenRefusal } from '../policy/token-refusal.js';
import type { SecretVerifier } from '../secrets/secret-verifier.js';
import type { Store } from '../store/store.js';
import { claimedClient, presentedSecret, type PresentedSecret } from './presented-secret.js';
import { ProtocolEngine, type EngineOutcome } from './protocol-engine.js';
import type { RateLimit } from './rate-limit.js';
import { SecretGrant } from './secret-grant.js';
import type { TokenDecider } from './token-decider.js';
import type { TokenExchange } from './token-exchange.js';
import {
  readTokenParameters,
  requestedAudience,
  requestedScopes,
  type TokenParameters,
} from './token-parameters.js';

/** What the token endpoint works with. */
export interface TokenEndpointParts {
  readonly issuer: string;
  readonly store: Store;
  readonly directories: DirectoryReader;
  readonly decider: TokenDecider;
  readonly signer: TokenSigner;
  /** Without one, nobody asks too often. */
  readonly rateLimit: RateLimit | undefined;
  readonly dpopNonce: 'required' | 'optional';
  readonly faults: FaultBoard;
  readonly secrets: SecretVerifier;
  readonly events: EventLog;
  /** Told of each token issued or refused, and of faults. */
  readonly log: { token(event: TokenEvent): void; fault(error: unknown): void };
}

/** Sends the answer to one request. */
export type TokenAnswer = (response: ServerResponse) => Promise<void> | void;

/** `POST /oauth/token` (RFC 6749 §4.4): reads the request, has it granted or refused, records what came of it. */
export class TokenEndpoint {
  readonly #bySecret: SecretGrant;
  readonly #engine: ProtocolEngine;

  constructor(private readonly parts: TokenEndpointParts) {
    this.#bySecret = new SecretGrant(parts);
    this.#engine = new ProtocolEngine({
      ...parts,
      on: {
        answered: (exchange, outcome) => this.#record(exchange, outcome),
        fault: (error) => parts.log.fault(error),
      },
    });
  }

  /**
   * Answers one request whose body was read already.
   *
   * @param body a form as text, or a JSON value
   * @throws {@link TokenRefusal} before anything is sent
   */
  async prepare(request: IncomingMessage, body: unknown): Promise<TokenAnswer> {
    let exchange: Partial<TokenExchange> = {};
    try {
      if (request.rawHeaders.filter(isAuthorization).length > 1)
        throw malformed('there must be one Authorization header');
      const parameters = readTokenParameters(body ?? {});
      const clientId = claimedClient(request, parameters);
      exchange = { clientId, audience: parameters.audience };
      this.#limitRate(request, clientId);
      const begun = await this.#begin(request, parameters, clientId);
      exchange = begun;
      const presented = presentedSecret(request, parameters);
      return await (presented
        ? this.#grant(presented, begun)
        : this.#engine.take(request, parameters, begun));
    } catch (error) {
      const refused = error instanceof TokenRefusal;
      const refusal = refused ? error : { reason: 'server_error', detail: undefined };
      this.#record(exchange, { clientId: undefined, refusal });
      if (!refused) throw error;
      throw error.with({ ...exchange.headers, ...this.#challenge(request, error) });
    }
  }

  #limitRate(request: IncomingMessage, clientId: string | undefined): void {
    const answer = this.parts.rateLimit?.take(request.socket.remoteAddress ?? '', clientId);
    if (answer && answer.retryAfter > 0) throw rateLimited(answer.limit, answer.retryAfter);
  }

  async #begin(
    request: IncomingMessage,
    parameters: TokenParameters,
    clientId: string | undefined,
  ): Promise<TokenExchange> {
    const audience = requestedAudience(parameters);
    const scopes = requestedScopes(parameters);
    const faults = this.parts.faults.meet('token', clientId);
    if (faults.length > 0) await suffer(faults, request);
    return {
      directory: await this.parts.directories.current(),
      clientId,
      audience,
      scopes,
      organization: parameters.organization,
      facts: requestFacts(request, parameters),
      faults,
    };
  }

  async #grant(presented: PresentedSecret, exchange: TokenExchange): Promise<TokenAnswer> {
    const body = JSON.stringify(await this.#bySecret.grant(presented, exchange));
    this.#record(exchange, { clientId: presented.clientId, refusal: undefined });
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      ...exchange.headers,
    };
    return (response) => void response.writeHead(200, headers).end(body);
  }

  /** What a client that failed to authenticate by a header is told (RFC 6749 §5.2). */
  #challenge(request: IncomingMessage, { status }: TokenRefusal): Record<string, string> {
    if (status !== 401 || request.headers.authorization === undefined) return {};
    return { 'WWW-Authenticate': `Basic realm="${this.parts.issuer}", error="invalid_client"` };
  }

  #record(exchange: Partial<TokenExchange>, { clientId, refusal }: EngineOutcome): void {
    const { decision, audience, scopes, overQuota } = exchange;
    const event: TokenEvent = {
      type: refusal ? 'token_refused' : 'token_issued',
      clientId: (clientId ?? exchange.clientId)?.slice(0, 200),
      audience: audience?.slice(0, 200),
      scopes: refusal ? scopes?.slice(0, 50) : decision?.scopes,
      grantId: decision?.grant.id,
      ...(overQuota && { detail: 'the client is beyond its quota, which is not enforced' }),
      ...(refusal && { reason: refusal.reason, detail: refusal.detail?.slice(0, 400) }),
    };
    this.parts.events.record(event);
    this.parts.log.token(event);
  }
}

/** Whether an entry of the raw headers, which has names and values in turn, is this name. */
const isAuthorization = (text: string, index: number): boolean =>
  index % 2 === 0 && text.toLowerCase() === 'authorization';

/** What Actions may know about the request: nothing that proves who the client is. */
function requestFacts(request: IncomingMessage, parameters: TokenParameters): RequestFacts {
  const { client_secret: _secret, client_assertion: _assertion, ...body } = parameters;
  return {
    body,
    ip: request.socket.remoteAddress ?? '',
    method: request.method ?? '',
    hostname: (request.headers.host ?? '').replace(/:\d+$/, '').slice(0, 255),
    userAgent: request.headers['user-agent']?.slice(0, 255),
  };
}
