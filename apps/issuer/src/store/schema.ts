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

/** A public key or a certificate with which a client proves who it is. */
export interface ClientCredentialTable {
  id: string;
  type: 'public_key' | 'x509_cert';
  client_id: string;
  name: string;
  kid: string;
  alg: string;
  /** JSON: the public JWK, of a certificate with `x5c`. */
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
  /** Whether its tokens may or must be for an organization. */
  organization_usage: 'deny' | 'allow' | 'require';
  /** 1 where it covers every organization, not only those it is associated with. */
  allow_any_organization: number;
  origin: Origin;
  changed: number;
  created_at: string;
}

/** A key that signs access tokens. */
export interface SigningKeyTable {
  kid: string;
  alg: string;
  state: 'next' | 'current' | 'previous' | 'revoked';
  /** JSON, sealed: the private JWK. */
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

/** An Action of the management API. */
export interface ActionTable {
  id: string;
  name: string;
  /** The draft. */
  code: string;
  /** JSON, sealed: `Record<string, string>`. */
  secrets: string;
  /** JSON: what else the management API was told about it. */
  settings: string;
  /** What runs; `null` before the first deployment. */
  deployed_code: string | null;
  deployed_secrets: string | null;
  /** How often it was deployed. */
  version: number;
  deployed_at: string | null;
  /** Its place among those that are bound; `null` where it is not bound. */
  position: number | null;
  display_name: string | null;
  created_at: string;
  updated_at: string;
}

/** An organization on whose behalf a client may ask for a token. */
export interface OrganizationTable {
  id: string;
  name: string;
  /** JSON: what else the management API was told about it. */
  settings: string;
  created_at: string;
}

/** Says that a client grant covers an organization. */
export interface OrganizationGrantTable {
  organization_id: string;
  grant_id: string;
}

/** How many tokens a client got in the hour or the day that began at `started_at`. */
export interface TokenCountTable {
  client_id: string;
  window: 'per_hour' | 'per_day';
  /** Seconds since the epoch. */
  started_at: number;
  count: number;
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
  actions: ActionTable;
  organizations: OrganizationTable;
  organization_grants: OrganizationGrantTable;
  token_counts: TokenCountTable;
  events: EventTable;
  revision: RevisionTable;
}
