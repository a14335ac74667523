import type { JWK } from 'jose';
import type { Action } from '../actions/action.js';
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
  /** Whether its tokens are bound to a key or a certificate of the client, or are not issued (RFC 9449, RFC 8705). */
  readonly requiresProofOfPossession: boolean;
  /** Whether it is the management API. */
  readonly system: boolean;
}

/** How a client authenticates (RFC 7591 §2, RFC 8705 §2.2). */
export const clientAuthMethods = [
  'client_secret_post',
  'client_secret_basic',
  'private_key_jwt',
  'self_signed_tls_client_auth',
] as const;

/** One of {@link clientAuthMethods}. */
export type ClientAuthMethod = (typeof clientAuthMethods)[number];

/** How many tokens a client may get; what is not set has no bound. */
export interface TokenQuota {
  readonly perHour: number | undefined;
  readonly perDay: number | undefined;
  /** Whether requests beyond it are refused, or only seen in the event log. */
  readonly enforce: boolean;
}

/** A key or a certificate by which a client authenticates. */
export interface ClientCredential {
  readonly jwk: JWK;
  /** Seconds since the epoch; `undefined` where it does not end. */
  readonly expiresAt: number | undefined;
}

/** A client (M2M application) as the policy sees it. */
export interface Client {
  readonly clientId: string;
  readonly name: string;
  readonly grantTypes: readonly string[];
  readonly authMethod: ClientAuthMethod;
  readonly metadata: Readonly<Record<string, string>>;
  /** Hashes of its secrets, the newest first. */
  readonly secretHashes: readonly string[];
  /** Public keys for `private_key_jwt`, certificates for `self_signed_tls_client_auth`. */
  readonly credentials: readonly ClientCredential[];
  readonly quota: TokenQuota | undefined;
  /** Whether its tokens are bound to a key or a certificate of its own, or are not issued (RFC 9449, RFC 8705). */
  readonly requiresProofOfPossession: boolean;
}

/** What a client may ask for at an API. */
export interface Grant {
  readonly id: string;
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Whether its tokens may or must be for an organization. */
  readonly organizationUsage: 'deny' | 'allow' | 'require';
  /** Ids of the organizations that it covers. */
  readonly organizations: 'any' | readonly string[];
}

/** An organization on whose behalf a client may ask for a token. */
export interface Organization {
  readonly id: string;
  readonly name: string;
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
  readonly #organizations: ReadonlyMap<string, Organization>;

  constructor(
    readonly revision: number,
    apis: readonly Api[],
    clients: readonly Client[],
    grants: readonly Grant[],
    /** Those that are published: current, next and previous. */
    readonly keys: readonly SigningKey[],
    /** Those that the management API has bound, in their order. */
    readonly actions: readonly Action[] = [],
    organizations: readonly Organization[] = [],
  ) {
    this.#apis = new Map(apis.map((api) => [api.identifier, api]));
    this.#clients = new Map(clients.map((client) => [client.clientId, client]));
    this.#grants = new Map(grants.map((grant) => [grantKey(grant.clientId, grant.audience), grant]));
    this.#organizations = new Map(
      organizations.flatMap((each) => [[each.id, each] as const, [each.name, each]]),
    );
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

  /** @param idOrName an organization's `org_…` id, or its name */
  organization(idOrName: string): Organization | undefined {
    return this.#organizations.get(idOrName);
  }

  /** The key that signs with an algorithm. */
  signingKey(alg: SigningAlg): SigningKey | undefined {
    return this.keys.find((key) => key.alg === alg && key.state === 'current');
  }
}

const grantKey = (clientId: string, audience: string) => JSON.stringify([clientId, audience]);
