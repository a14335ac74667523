import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestFacts } from '../actions/action-event.js';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Directory } from '../directory/directory.js';
import type { DirectoryReader } from '../directory/directory-reader.js';
import type { EventLog, TokenEvent } from '../events/event-log.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { suffer } from '../faults/suffer.js';
import { malformed, rateLimited, TokenRefusal, unauthenticated } from '../policy/token-refusal.js';
import type { SecretVerifier } from '../secrets/secret-verifier.js';
import type { Store } from '../store/store.js';
import { buildEngine } from './build-engine.js';
import type { RateLimit } from './rate-limit.js';
import { toResourceUri } from './resource-uri.js';
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
  /** Without one, nobody asks too often. */
  readonly rateLimit: RateLimit | undefined;
  readonly dpopNonce: 'required' | 'optional';
  readonly faults: FaultBoard;
  readonly secrets: SecretVerifier;
  readonly events: EventLog;
  /** Told of each token issued or refused, and of faults. */
  readonly log: { token(event: TokenEvent): void; fault(error: unknown): void };
}

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** `POST /oauth/token` (RFC 6749 §4.4): reads the request, hands it to the protocol engine, records what came of it. */
export class TokenEndpoint {
  readonly #issuer: URL;
  readonly #exchanges = new WeakMap<IncomingMessage, TokenExchange>();
  #latest!: Directory;
  #engine: { readonly kids: string; readonly listener: Listener } | undefined;

  constructor(private readonly parts: TokenEndpointParts) {
    this.#issuer = new URL(parts.issuer);
  }

  /**
   * Answers one request whose body was read already.
   *
   * @param body a form as text, or a JSON value
   * @throws {@link TokenRefusal} `request_malformed` or `rate_limited`, before anything is sent
   */
  async prepare(
    request: IncomingMessage,
    body: unknown,
  ): Promise<(response: ServerResponse) => Promise<void>> {
    let parameters: TokenParameters = {};
    try {
      if (request.rawHeaders.filter(isAuthorization).length > 1)
        throw malformed('there must be one Authorization header');
      parameters = readTokenParameters(body ?? {});
      this.#limitRate(request, parameters);
      return await this.#begin(request, parameters);
    } catch (error) {
      if (error instanceof TokenRefusal) {
        const { client_id: clientId, audience } = parameters;
        const { reason, detail } = error;
        this.#record({ type: 'token_refused', clientId, audience: audience?.slice(0, 200), reason, detail });
      }
      throw error;
    }
  }

  #limitRate(request: IncomingMessage, { client_id }: TokenParameters): void {
    const answer = this.parts.rateLimit?.take(request.socket.remoteAddress ?? '', client_id);
    if (answer && answer.retryAfter > 0) throw rateLimited(answer.limit, answer.retryAfter);
  }

  async #begin(
    request: IncomingMessage,
    parameters: TokenParameters,
  ): Promise<(response: ServerResponse) => Promise<void>> {
    const audience = requestedAudience(parameters);
    const scopes = requestedScopes(parameters);
    const faults = this.parts.faults.meet('token', parameters.client_id ?? basicUser(request));
    await suffer(faults, request);
    const directory = await this.parts.directories.current();
    this.#latest = directory;
    this.#exchanges.set(request, {
      directory,
      clientId: parameters.client_id,
      audience,
      scopes,
      organization: parameters.organization,
      facts: requestFacts(request, parameters),
      faults,
    });
    forEngine(request, parameters, audience, this.#issuer);
    const listener = this.#listenerFor(directory);
    return (response) => listener(request, response);
  }

  /** The engine for the keys of a directory. A request keeps the one it began with. */
  #listenerFor(directory: Directory): Listener {
    const kids = directory.keys.map(({ kid, state }) => `${kid} ${state}`).join();
    if (this.#engine?.kids !== kids) {
      const engine = buildEngine({
        ...this.parts,
        keys: directory.keys,
        latest: () => this.#latest,
        exchangeOf: (request) => this.#exchanges.get(request)!,
      });
      this.#follow(engine);
      this.#engine = { kids, listener: engine.callback() };
    }
    return this.#engine.listener;
  }

  #follow(engine: Provider): void {
    engine.on('server_error', (_ctx, error) => this.parts.log.fault(error));
    engine.use(async (ctx, next) => {
      await next();
      const exchange = this.#exchanges.get(ctx.req)!;
      const { oidc } = ctx as KoaContextWithOIDC;
      const body = ctx.body as { error?: string; error_description?: string };
      const clientId = (oidc.client?.clientId ?? exchange.clientId)?.slice(0, 200);
      let reason: string | undefined = exchange.refusal?.reason ?? body.error;
      if (body.error === 'invalid_client') {
        if (!oidc.client) await this.parts.secrets.pretend().catch(() => undefined);
        const refusal = unauthenticated(oidc.client ? 'client_unauthenticated' : 'client_unknown');
        reason = refusal.reason;
        ctx.status = refusal.status;
        ctx.body = { error: refusal.error, error_description: refusal.description };
      }
      // Machines call this endpoint; a page of another origin has no business here.
      for (const name of Object.keys(ctx.response.headers)) {
        if (name.startsWith('access-control-') || name === 'vary') ctx.remove(name);
      }
      if (exchange.headers) ctx.set(exchange.headers);
      if (exchange.refusal) ctx.set(exchange.refusal.headers);
      const { decision, audience, overQuota } = exchange;
      this.#record({
        type: body.error === undefined ? 'token_issued' : 'token_refused',
        clientId,
        audience: audience?.slice(0, 200),
        scopes: body.error === undefined ? decision?.scopes : exchange.scopes?.slice(0, 50),
        grantId: decision?.grant.id,
        ...(overQuota && { detail: 'the client is beyond its quota, which is not enforced' }),
        ...(body.error !== undefined && {
          reason,
          detail: (exchange.refusal?.detail ?? body.error_description)?.slice(0, 400),
        }),
      });
    });
  }

  #record(event: TokenEvent): void {
    this.parts.events.record(event);
    this.parts.log.token(event);
  }
}

/** Whether an entry of the raw headers, which has names and values in turn, is this name. */
const isAuthorization = (text: string, index: number): boolean =>
  index % 2 === 0 && text.toLowerCase() === 'authorization';

/** The client that an `Authorization: Basic` header names (RFC 6749 §2.3.1). */
function basicUser({ headers: { authorization } }: IncomingMessage): string | undefined {
  const [, credentials] = authorization?.match(/^basic ([\w+/=-]{1,4096})$/i) ?? [];
  return credentials && Buffer.from(credentials, 'base64').toString().split(':')[0];
}

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

/** Rewrites the request as the engine reads it: a form at the issuer's own address, the audience as a resource indicator. */
function forEngine(
  request: IncomingMessage,
  parameters: TokenParameters,
  audience: string | undefined,
  issuer: URL,
): void {
  const { audience: _audience, resource: _resource, organization: _organization, ...others } = parameters;
  const body = { ...others, ...(audience !== undefined && { resource: toResourceUri(audience) }) };
  Object.assign(request, { body });
  request.headers['content-type'] = 'application/x-www-form-urlencoded';
  request.headers['content-length'] = '0';
  request.headers.accept = 'application/json';
  // A DPoP proof names the address of this server, not what a Host header says (RFC 9449 §4.3).
  request.headers.host = issuer.host;
  request.headers['x-forwarded-host'] = issuer.host;
  request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
}
