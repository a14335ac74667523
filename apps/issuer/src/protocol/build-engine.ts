import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { audienceMissing, TokenRefusal } from '../policy/token-refusal.js';
import { SecretVerifierBusyError, type SecretVerifier } from '../secrets/secret-verifier.js';
import { clientAuthMethods, type SigningKey, type Directory } from '../directory/directory.js';
import type { Store } from '../store/store.js';
import { EngineAdapter } from './engine-adapter.js';
import { exchangeContent } from './exchange-content.js';
import { errors, Provider as Engine } from './oidc-provider.js';
import type { TokenDecider } from './token-decider.js';
import type { TokenExchange } from './token-exchange.js';

/** What the protocol engine is built from. */
export interface EngineParts {
  readonly issuer: string;
  readonly keys: readonly SigningKey[];
  readonly store: Store;
  readonly decider: TokenDecider;
  readonly secrets: SecretVerifier;
  readonly exchangeOf: (request: IncomingMessage) => TokenExchange;
  readonly latest: () => Directory;
  /** Whether a DPoP proof must bear a nonce of this server (RFC 9449 §8). */
  readonly dpopNonce: 'required' | 'optional';
}

/** Longest life of a client assertion, in seconds. */
const maxAssertionAge = 300;

/**
 * The protocol engine, for one set of signing keys. It authenticates the client, validates the request and signs the
 * token; whether there is one, and what it says, is the policy's.
 */
export function buildEngine(parts: EngineParts): Provider {
  const { issuer, keys, store, decider, secrets, exchangeOf, latest, dpopNonce } = parts;
  const engine = new Engine(issuer, {
    adapter: (kind: string) => new EngineAdapter(kind, store, latest),
    jwks: { keys: keys.map(({ jwk }) => jwk) },
    responseTypes: [],
    scopes: [],
    claims: {},
    clientDefaults: { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
    clientAuthMethods: [...clientAuthMethods],
    clientBasedCORS: () => false,
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
      dPoP: {
        enabled: true,
        nonceSecret: nonceSecret(keys),
        requireNonce: () => dpopNonce === 'required',
      },
      mTLS: {
        enabled: true,
        selfSignedTlsClientAuth: true,
        certificateBoundAccessTokens: true,
        getCertificate: (ctx) => certificateOf(ctx),
      },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => {
          throw engineError(audienceMissing());
        },
        getResourceServerInfo: async (ctx, _uri, client) => {
          const exchange = exchangeOf(ctx.req);
          try {
            // A certificate binds the token only of a client that authenticates by one.
            const bound = client.tlsClientCertificateBoundAccessTokens === true;
            const proven = bound || ctx.get('DPoP') !== '';
            const { api, scopes, lifetime } = await decider.decide(exchange, client.clientId, proven);
            const scope = scopes.join(' ');
            ctx.oidc.params!['scope'] = scope || undefined;
            const alg = api.signingAlg;
            const kid = exchange.directory.signingKey(alg)?.kid;
            if (!kid) throw new Error(`there is no current key for ${alg}`);
            return {
              scope,
              audience: api.identifier,
              accessTokenFormat: 'jwt',
              accessTokenTTL: lifetime,
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
          const payload = jwt.payload as { iat: number; exp: number; jti: string; cnf?: unknown };
          const { header, claims } = exchangeContent(exchangeOf(ctx.req), issuer, {
            issuedAt: payload.iat,
            expiresAt: payload.exp,
            tokenId: payload.jti,
            confirmation: payload.cnf,
          });
          jwt.header = header;
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
  // The token endpoint says itself what the forwarded address is.
  engine.proxy = true;
  return engine;
}

/** The certificate that the client presented, on a connection that has TLS. */
function certificateOf(ctx: KoaContextWithOIDC): string | undefined {
  return (ctx.req.socket as Partial<TLSSocket>).getPeerX509Certificate?.()?.toString();
}

/** The same in each process that has the same keys, so that they take each other's nonces. */
function nonceSecret(keys: readonly SigningKey[]): Buffer {
  const hash = createHash('sha256').update('dpop nonce');
  for (const { state, jwk } of keys) if (state === 'current') hash.update(`\0${jwk.d}`);
  return hash.digest();
}

/** The policy's refusal as the engine throws its own. */
function engineError({ status, error, description }: TokenRefusal): Error {
  return Object.assign(new errors.CustomOIDCProviderError(error, description), {
    status,
    statusCode: status,
  });
}
