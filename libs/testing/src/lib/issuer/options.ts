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
  /** audience → granted scopes. Default: everything of every API. */
  grants?: Readonly<Record<string, readonly string[]>>;
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
  /** Port on 127.0.0.1. Default 0: any free one. */
  port?: number;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
}
