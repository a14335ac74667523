import type { JWK } from 'jose';
import type { Kysely } from 'kysely';
import { isDialect, isSigningAlg } from '../policy/dialects.js';
import type { Vault } from '../secrets/vault.js';
import type {
  ActionTable,
  ApiTable,
  ClientCredentialTable,
  ClientGrantTable,
  ClientTable,
  SigningKeyTable,
  Tables,
} from '../store/schema.js';
import type { Action } from '../actions/action.js';
import {
  Directory,
  type Api,
  type Client,
  type ClientAuthMethod,
  type Grant,
  type SigningKey,
} from './directory.js';

/**
 * Reads everything that decides about tokens.
 *
 * @param revision what the store's revision was before the first row is read
 * @throws {@link VaultError} where a sealed value cannot be opened
 */
export async function readDirectory(db: Kysely<Tables>, vault: Vault, revision: number): Promise<Directory> {
  const apis = await db.selectFrom('apis').selectAll().execute();
  const clients = await db.selectFrom('clients').selectAll().execute();
  const secrets = await db.selectFrom('client_secrets').selectAll().orderBy('created_at', 'desc').execute();
  const credentials = await db.selectFrom('client_credentials').selectAll().execute();
  const grants = await db.selectFrom('client_grants').selectAll().execute();
  const keys = await db.selectFrom('signing_keys').selectAll().orderBy('created_at').execute();
  const organizations = await db.selectFrom('organizations').select(['id', 'name']).execute();
  const covered = await db.selectFrom('organization_grants').selectAll().execute();
  const actions = await db
    .selectFrom('actions')
    .selectAll()
    .where('position', 'is not', null)
    .where('deployed_code', 'is not', null)
    .orderBy('position')
    .execute();
  const hashes = groupBy(secrets, ({ client_id }) => client_id);
  const credentialsOf = groupBy(credentials, ({ client_id }) => client_id);
  const organizationsOf = groupBy(covered, ({ grant_id }) => grant_id);
  return new Directory(
    revision,
    apis.map(toApi),
    clients.map((row) =>
      toClient(
        row,
        (hashes.get(row.client_id) ?? []).map(({ hash }) => hash),
        credentialsOf.get(row.client_id) ?? [],
      ),
    ),
    grants.map((row) =>
      toGrant(
        row,
        (organizationsOf.get(row.id) ?? []).map((each) => each.organization_id),
      ),
    ),
    keys.flatMap((row) => toSigningKey(row, vault)),
    actions.map((row) => toAction(row, vault)),
    organizations,
  );
}

const toApi = (row: ApiTable): Api => ({
  id: row.id,
  identifier: row.identifier,
  name: row.name,
  scopes: (JSON.parse(row.scopes) as { value: string }[]).map(({ value }) => value),
  tokenLifetime: row.token_lifetime,
  dialect: isDialect(row.token_dialect) ? row.token_dialect : 'access_token',
  signingAlg: isSigningAlg(row.signing_alg) ? row.signing_alg : 'RS256',
  requiresProofOfPossession: (JSON.parse(row.settings) as ApiSettings).proof_of_possession?.required === true,
  system: row.origin === 'system',
});

/** What an API's settings say that decides about its tokens; the management API has validated it. */
interface ApiSettings {
  readonly proof_of_possession?: { readonly required?: boolean } | null;
}

/** What a client's settings say that decides about its tokens; the management API has validated it. */
interface ClientSettings {
  readonly token_quota?: {
    readonly client_credentials?: {
      readonly per_hour?: number;
      readonly per_day?: number;
      readonly enforce?: boolean;
    };
  } | null;
  readonly require_proof_of_possession?: boolean;
  readonly client_authentication_methods?: Readonly<
    Record<string, { readonly credentials?: readonly { readonly id?: string }[] } | undefined>
  > | null;
}

function toClient(
  row: ClientTable,
  secretHashes: readonly string[],
  credentials: readonly ClientCredentialTable[],
): Client {
  const settings = JSON.parse(row.settings) as ClientSettings;
  const quota = settings.token_quota?.client_credentials;
  const chosen = settings.client_authentication_methods?.[row.auth_method]?.credentials?.map(({ id }) => id);
  return {
    clientId: row.client_id,
    name: row.name,
    grantTypes: JSON.parse(row.grant_types) as string[],
    authMethod: row.auth_method as ClientAuthMethod,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    secretHashes,
    credentials: credentials
      .filter(({ id }) => chosen?.includes(id) ?? true)
      .filter(({ type }) => (type === 'x509_cert') === (row.auth_method === 'self_signed_tls_client_auth'))
      .map(({ jwk, kid, alg, expires_at }) => ({
        jwk: { ...(JSON.parse(jwk) as JWK), kid, alg, use: 'sig' },
        expiresAt: expires_at ?? undefined,
      })),
    quota: quota && { perHour: quota.per_hour, perDay: quota.per_day, enforce: quota.enforce ?? true },
    requiresProofOfPossession: settings.require_proof_of_possession === true,
  };
}

const toGrant = (row: ClientGrantTable, organizations: readonly string[]): Grant => ({
  id: row.id,
  clientId: row.client_id,
  audience: row.audience,
  scopes: JSON.parse(row.scope) as string[],
  organizationUsage: row.organization_usage,
  organizations: row.allow_any_organization === 1 ? 'any' : organizations,
});

const toSigningKey = ({ kid, alg, state, jwk }: SigningKeyTable, vault: Vault): readonly SigningKey[] =>
  state === 'revoked' || !isSigningAlg(alg)
    ? []
    : [{ kid, alg, state, jwk: JSON.parse(vault.open(jwk, kid)) as JWK }];

const toAction = (row: ActionTable, vault: Vault): Action => ({
  name: row.name,
  code: row.deployed_code ?? '',
  secrets: JSON.parse(vault.open(row.deployed_secrets ?? '{}', row.id)) as Record<string, string>,
});

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
