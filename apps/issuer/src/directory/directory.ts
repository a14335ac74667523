import type { JWK } from 'jose';
import type { Dialect, SigningAlg } from '../policy/dialects.js';

/** An API (resource server) as the policy sees it. */
export interface Api {
  readonly id: string;
  /** Its audience. */
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly tokenLifetime: number;
  readonly dialect: Dialect;
  readonly signingAlg: SigningAlg;
}

/** How a client authenticates (RFC 7591 §2). */
export type ClientAuthMethod = 'client_secret_post' | 'client_secret_basic' | 'private_key_jwt';

/** A client (M2M application) as the policy sees it. */
export interface Client {
  readonly clientId: string;
  readonly name: string;
  readonly grantTypes: readonly string[];
  readonly authMethod: ClientAuthMethod;
  readonly metadata: Readonly<Record<string, string>>;
  /** Hashes of its secrets, the newest first. */
  readonly secretHashes: readonly string[];
  /** Public keys for `private_key_jwt`. */
  readonly jwks: readonly JWK[];
}

/** What a client may ask for at an API. */
export interface Grant {
  readonly id: string;
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
}

/** A key that signs access tokens, or did. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly state: 'next' | 'current' | 'previous';
  /** With its private part. */
  readonly jwk: JWK;
}

/** Everything that decides about tokens, as of one revision of the store. Never changed once it is made. */
export class Directory {
  readonly #apis: ReadonlyMap<string, Api>;
  readonly #clients: ReadonlyMap<string, Client>;
  readonly #grants: ReadonlyMap<string, Grant>;

  constructor(
    readonly revision: number,
    apis: readonly Api[],
    clients: readonly Client[],
    grants: readonly Grant[],
    /** Those that are published: current, next and previous. */
    readonly keys: readonly SigningKey[],
  ) {
    this.#apis = new Map(apis.map((api) => [api.identifier, api]));
    this.#clients = new Map(clients.map((client) => [client.clientId, client]));
    this.#grants = new Map(grants.map((grant) => [grantKey(grant.clientId, grant.audience), grant]));
  }

  api(audience: string): Api | undefined {
    return this.#apis.get(audience);
  }

  client(clientId: string): Client | undefined {
    return this.#clients.get(clientId);
  }

  grant(clientId: string, audience: string): Grant | undefined {
    return this.#grants.get(grantKey(clientId, audience));
  }

  /** The key that signs with an algorithm. */
  signingKey(alg: SigningAlg): SigningKey | undefined {
    return this.keys.find((key) => key.alg === alg && key.state === 'current');
  }
}

const grantKey = (clientId: string, audience: string) => JSON.stringify([clientId, audience]);
