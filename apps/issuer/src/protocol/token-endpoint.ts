import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Directory } from '../directory/directory.js';
import type { DirectoryReader } from '../directory/directory-reader.js';
import type { EventLog, TokenEvent } from '../events/event-log.js';
import type { TokenPolicy } from '../policy/token-policy.js';
import { malformed, unauthenticated } from '../policy/token-refusal.js';
import type { SecretVerifier } from '../secrets/secret-verifier.js';
import type { Store } from '../store/store.js';
import { buildEngine } from './build-engine.js';
import { toResourceUri } from './resource-uri.js';
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
  readonly policy: TokenPolicy;
  readonly secrets: SecretVerifier;
  readonly events: EventLog;
  /** Told of each token issued or refused, and of faults. */
  readonly log: { token(event: TokenEvent): void; fault(error: unknown): void };
}

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** `POST /oauth/token` (RFC 6749 §4.4): reads the request, hands it to the protocol engine, records what came of it. */
export class TokenEndpoint {
  readonly #exchanges = new WeakMap<IncomingMessage, TokenExchange>();
  #latest!: Directory;
  #engine: { readonly kids: string; readonly listener: Listener } | undefined;

  constructor(private readonly parts: TokenEndpointParts) {}

  /**
   * Answers one request whose body was read already.
   *
   * @param body a form as text, or a JSON value
   * @throws {@link TokenRefusal} `request_malformed`, before anything is sent
   */
  async prepare(
    request: IncomingMessage,
    body: unknown,
  ): Promise<(response: ServerResponse) => Promise<void>> {
    if (request.rawHeaders.filter(isAuthorization).length > 1)
      throw malformed('there must be one Authorization header');
    const parameters = readTokenParameters(body ?? {});
    const audience = requestedAudience(parameters);
    const scopes = requestedScopes(parameters);
    const directory = await this.parts.directories.current();
    this.#latest = directory;
    this.#exchanges.set(request, { directory, clientId: parameters.client_id, audience, scopes });
    forEngine(request, parameters, audience);
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
      const { decision, audience } = exchange;
      this.#record({
        type: body.error === undefined ? 'token_issued' : 'token_refused',
        clientId,
        audience: audience?.slice(0, 200),
        scopes: body.error === undefined ? decision?.scopes : exchange.scopes?.slice(0, 50),
        grantId: decision?.grant.id,
        ...(body.error !== undefined && { reason, detail: body.error_description?.slice(0, 200) }),
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

/** Rewrites the request as the engine reads it: a form, and the audience as a resource indicator. */
function forEngine(
  request: IncomingMessage,
  parameters: TokenParameters,
  audience: string | undefined,
): void {
  const { audience: _audience, resource: _resource, ...others } = parameters;
  const body = { ...others, ...(audience !== undefined && { resource: toResourceUri(audience) }) };
  Object.assign(request, { body });
  request.headers['content-type'] = 'application/x-www-form-urlencoded';
  request.headers['content-length'] = '0';
  request.headers.accept = 'application/json';
}
