import { type JsonWebKey } from 'node:crypto';
import { type SigningAlgorithm } from '../keys/signing-key.js';
import { type Dialect } from '../tokens/dialect.js';

/** An API (resource server) that the loopback issuer knows. */
export interface LoopbackApi {
  /** The API's identifier, `aud` in its tokens. */
  audience: string;
  /** Every scope of the API. */
  scopes: readonly string[];
  /** Seconds. Default 3600. */
  tokenLifetime?: number;
}

/** An M2M application that the loopback issuer knows. */
export interface LoopbackClient {
  clientId: string;
  /** Default: random, readable at {@link LoopbackIssuer.clientSecret}. */
  clientSecret?: string;
  /** The public key of a client that authenticates by `private_key_jwt` (RFC 7523). */
  publicKey?: JsonWebKey;
  /**
   * The client's certificate, PEM: over TLS it authenticates by presenting it (RFC 8705, section 2), and its tokens are
   * bound to it (section 3), without TLS too.
   */
  certificate?: string;
  /** Whether a token request without a DPoP proof is refused (RFC 9449, section 5.2). Default false. */
  requiresDpop?: boolean;
  /** audience → granted scopes. Default: everything of every API. */
  grants?: Readonly<Record<string, readonly string[]>>;
}

/** How a loopback issuer serves HTTPS. */
export interface LoopbackTls {
  /** PEM. */
  certificate: string;
  /** PEM. */
  key: string;
}

/** Options of {@link LoopbackIssuer.start}. */
export interface LoopbackIssuerOptions {
  /** Default: one client, `test-client`. */
  clients?: readonly LoopbackClient[];
  /** Default: one API, `https://api.example/`, with `read:things` and `write:things`. */
  apis?: readonly LoopbackApi[];
  /** One current key for each; the first signs unless a mint says otherwise. Default `['RS256']`. */
  algorithms?: readonly [SigningAlgorithm, ...SigningAlgorithm[]];
  /** The shape of the tokens. Default `auth0`. */
  dialect?: Dialect;
  /** Serve HTTPS with this certificate, and ask clients for theirs. Default: plain HTTP. */
  tls?: LoopbackTls;
  /** Port on 127.0.0.1. Default 0: any free one. */
  port?: number;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
}
