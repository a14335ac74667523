/** How a row came to be: from the issuer itself, from a contract, or through the management API. */
export type Origin = 'system' | 'contract' | 'api';

/** An API (resource server). Lists and objects are JSON texts, so that both databases hold the same. */
export interface ApiTable {
  id: string;
  identifier: string;
  name: string;
  /** JSON: `{ value, description }[]`. */
  scopes: string;
  /** Seconds. */
  token_lifetime: number;
  token_dialect: string;
  signing_alg: string;
  enforce_policies: number;
  /** JSON: what else the management API was told about it. */
  settings: string;
  origin: Origin;
  /** 1 where a person changed it through the management API. */
  changed: number;
  created_at: string;
}

/** A client (M2M application). */
export interface ClientTable {
  client_id: string;
  name: string;
  app_type: string;
  /** JSON: `string[]`. */
  grant_types: string;
  auth_method: string;
  /** JSON: `Record<string, string>`. */
  metadata: string;
  /** JSON: what else the management API was told about it. */
  settings: string;
  origin: Origin;
  changed: number;
  created_at: string;
}

/** A hashed secret of a client; at most two are valid at once. */
export interface ClientSecretTable {
  id: string;
  client_id: string;
  hash: string;
  created_at: string;
}

/** A public key with which a client signs its assertions. */
export interface ClientCredentialTable {
  id: string;
  client_id: string;
  name: string;
  kid: string;
  alg: string;
  /** JSON: the public JWK. */
  jwk: string;
  created_at: string;
  /** Seconds since the epoch. */
  expires_at: number | null;
}

/** What a client may ask for at an API. */
export interface ClientGrantTable {
  id: string;
  client_id: string;
  audience: string;
  /** JSON: `string[]`. */
  scope: string;
  subject_type: string;
  origin: Origin;
  changed: number;
  created_at: string;
}

/** A key that signs access tokens. */
export interface SigningKeyTable {
  kid: string;
  alg: string;
  state: 'next' | 'current' | 'previous' | 'revoked';
  /** JSON: the private JWK. */
  jwk: string;
  created_at: string;
  state_at: string;
}

/** The `jti` of a client assertion that was used. */
export interface ReplayTable {
  id: string;
  /** Seconds since the epoch. */
  expires_at: number;
}

/** What a person deleted that a contract would bring back. */
export interface DeletionTable {
  kind: 'api' | 'client' | 'grant';
  key: string;
}

/** A token that was issued or refused. */
export interface EventTable {
  id: string;
  at: string;
  type: string;
  client_id: string | null;
  audience: string | null;
  scope: string | null;
  grant_id: string | null;
  reason: string | null;
  detail: string | null;
}

/** One row: counts the changes of everything that decides about tokens. */
export interface RevisionTable {
  id: number;
  value: number;
}

/** The tables of the store. */
export interface Tables {
  apis: ApiTable;
  clients: ClientTable;
  client_secrets: ClientSecretTable;
  client_credentials: ClientCredentialTable;
  client_grants: ClientGrantTable;
  signing_keys: SigningKeyTable;
  replays: ReplayTable;
  deletions: DeletionTable;
  events: EventTable;
  revision: RevisionTable;
}
