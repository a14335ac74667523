import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { TokenPolicy } from '../policy/token-policy.js';
import { audienceMissing, TokenRefusal } from '../policy/token-refusal.js';
import { tokenContent } from '../policy/token-claims.js';
import { SecretVerifierBusyError, type SecretVerifier } from '../secrets/secret-verifier.js';
import type { SigningKey, Directory } from '../directory/directory.js';
import type { Store } from '../store/store.js';
import { EngineAdapter } from './engine-adapter.js';
import { errors, Provider as Engine } from './oidc-provider.js';
import { fromResourceUri } from './resource-uri.js';
import type { TokenExchange } from './token-exchange.js';

/** What the protocol engine is built from. */
export interface EngineParts {
  readonly issuer: string;
  readonly keys: readonly SigningKey[];
  readonly store: Store;
  readonly policy: TokenPolicy;
  readonly secrets: SecretVerifier;
  readonly exchangeOf: (request: IncomingMessage) => TokenExchange;
  readonly latest: () => Directory;
}

/** Longest life of a client assertion, in seconds. */
const maxAssertionAge = 300;

/**
 * The protocol engine, for one set of signing keys. It authenticates the client, validates the request and signs the
 * token; whether there is one, and what it says, is the policy's.
 */
export function buildEngine(parts: EngineParts): Provider {
  const { issuer, keys, store, policy, secrets, exchangeOf, latest } = parts;
  const engine = new Engine(issuer, {
    adapter: (kind: string) => new EngineAdapter(kind, store, latest),
    jwks: { keys: keys.map(({ jwk }) => jwk) },
    responseTypes: [],
    scopes: [],
    claims: {},
    clientDefaults: { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
    clientAuthMethods: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'RS384', 'PS256'] },
    routes: { token: '/oauth/token' },
    ttl: { ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 0 },
    assertJwtClientAuthClaimsAndHeader: async (_ctx, claims) => {
      const now = Date.now() / 1000;
      const { exp, iat } = claims as { exp: number; iat?: number };
      if (exp - (iat ?? now) > maxAssertionAge || exp - now > maxAssertionAge + 60) {
        throw new errors.InvalidClientAuth('client assertions must expire within 5 minutes');
      }
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => {
          throw engineError(audienceMissing());
        },
        getResourceServerInfo: (ctx, uri, client) => {
          const exchange = exchangeOf(ctx.req);
          const audience = fromResourceUri(uri);
          try {
            const { clientId } = client;
            const decision = policy.decide(
              { clientId, audience, scopes: exchange.scopes },
              exchange.directory,
            );
            exchange.decision = decision;
            const scope = decision.scopes.join(' ');
            ctx.oidc.params!['scope'] = scope || undefined;
            const alg = decision.api.signingAlg;
            const kid = exchange.directory.signingKey(alg)?.kid;
            if (!kid) throw new Error(`there is no current key for ${alg}`);
            return {
              scope,
              audience: decision.api.identifier,
              accessTokenFormat: 'jwt',
              accessTokenTTL: decision.lifetime,
              jwt: { sign: { alg, kid } },
            };
          } catch (error) {
            if (!(error instanceof TokenRefusal)) throw error;
            exchange.refusal = error;
            throw engineError(error);
          }
        },
      },
    },
    formats: {
      customizers: {
        jwt: (ctx, _token, jwt) => {
          const { decision } = exchangeOf(ctx.req);
          if (!decision) throw new Error('a token is signed that was not decided about');
          const payload = jwt.payload as { iat: number; exp: number; jti: string };
          const { typ, claims } = tokenContent(decision.api.dialect, {
            issuer,
            clientId: decision.client.clientId,
            audience: decision.api.identifier,
            scopes: decision.scopes,
            issuedAt: payload.iat,
            expiresAt: payload.exp,
            tokenId: payload.jti,
          });
          jwt.header = { typ };
          jwt.payload = claims;
        },
      },
    },
  });
  engine.Client.prototype.compareClientSecret = async function (
    this: { clientId: string },
    presented: string,
  ) {
    try {
      return await secrets.verify(
        this.clientId,
        presented,
        latest().client(this.clientId)?.secretHashes ?? [],
      );
    } catch (error) {
      if (!(error instanceof SecretVerifierBusyError)) throw error;
      throw Object.assign(new errors.TemporarilyUnavailable(error.message), { status: 503, statusCode: 503 });
    }
  };
  engine.silent = true;
  return engine;
}

/** The policy's refusal as the engine throws its own. */
function engineError({ status, error, description }: TokenRefusal): Error {
  return Object.assign(new errors.CustomOIDCProviderError(error, description), {
    status,
    statusCode: status,
  });
}
