import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Directory } from '../directory/directory.js';
import { unauthenticated } from '../policy/token-refusal.js';
import type { EngineParts } from './build-engine.js';
import { toResourceUri } from './resource-uri.js';
import type { TokenExchange } from './token-exchange.js';
import type { TokenParameters } from './token-parameters.js';

/** What {@link ProtocolEngine} works with. */
export interface ProtocolEngineParts extends Omit<EngineParts, 'keys' | 'latest' | 'exchangeOf'> {
  /** Told when the engine has answered, and of faults. */
  readonly on: {
    answered(exchange: TokenExchange, outcome: EngineOutcome): void;
    fault(error: unknown): void;
  };
}

/** What the engine made of a request. */
export interface EngineOutcome {
  /** Where the engine found the client. */
  readonly clientId: string | undefined;
  /** Where there is no token. */
  readonly refusal: { readonly reason: string; readonly detail: string | undefined } | undefined;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Hands token requests to the protocol engine, which is loaded when the first one needs it. */
export class ProtocolEngine {
  readonly #issuer: URL;
  readonly #exchanges = new WeakMap<IncomingMessage, TokenExchange>();
  #latest!: Directory;
  #engine: { readonly kids: string; readonly listener: Listener } | undefined;

  constructor(private readonly parts: ProtocolEngineParts) {
    this.#issuer = new URL(parts.issuer);
  }

  /** @returns what answers the request, whatever comes of it */
  async take(
    request: IncomingMessage,
    parameters: TokenParameters,
    exchange: TokenExchange,
  ): Promise<(response: ServerResponse) => Promise<void>> {
    const { buildEngine } = await import('./build-engine.js');
    this.#latest = exchange.directory;
    this.#exchanges.set(request, exchange);
    forEngine(request, parameters, exchange.audience, this.#issuer);
    const listener = this.#listenerFor(exchange.directory, buildEngine);
    return (response) => listener(request, response);
  }

  /** The engine for the keys of a directory. A request keeps the one it began with. */
  #listenerFor(directory: Directory, build: (parts: EngineParts) => Provider): Listener {
    const kids = directory.keys.map(({ kid, state }) => `${kid} ${state}`).join();
    if (this.#engine?.kids !== kids) {
      const engine = build({
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
    engine.on('server_error', (_ctx, error) => this.parts.on.fault(error));
    engine.use(async (ctx, next) => {
      await next();
      const exchange = this.#exchanges.get(ctx.req)!;
      const { client, params } = (ctx as KoaContextWithOIDC).oidc;
      const { error, error_description } = ctx.body as { error?: string; error_description?: string };
      let reason: string | undefined = exchange.refusal?.reason ?? error;
      if (error === 'invalid_client') {
        const presented = params?.['client_secret'] ?? ctx.headers.authorization;
        const compared = presented !== undefined && client?.clientAuthMethod?.startsWith('client_secret_');
        if (!compared) await this.parts.secrets.pretend().catch(() => undefined);
        const refusal = unauthenticated(client ? 'client_unauthenticated' : 'client_unknown');
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
      this.parts.on.answered(exchange, {
        clientId: client?.clientId,
        refusal:
          reason === undefined
            ? undefined
            : { reason, detail: exchange.refusal?.detail ?? error_description },
      });
    });
  }
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
