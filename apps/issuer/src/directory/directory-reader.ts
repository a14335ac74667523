import type { JWK } from 'jose';
import { isDialect, isSigningAlg } from '../policy/dialects.js';
import type { Store } from '../store/store.js';
import { Directory, type Client, type ClientAuthMethod } from './directory.js';

/** Answers the present {@link Directory}, reading it from the store only where something changed. */
export class DirectoryReader {
  #latest: Directory | undefined;
  #reading: Promise<Directory> | undefined;

  constructor(private readonly store: Store) {}

  /** The directory as of the last change that was acknowledged, by whichever process. */
  async current(): Promise<Directory> {
    const revision = await this.store.revision();
    if (this.#latest && this.#latest.revision >= revision) return this.#latest;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    const directory = await this.#reading;
    return directory.revision >= revision ? directory : this.current();
  }

  async #read(): Promise<Directory> {
    const { db } = this.store;
    // Read before the rows: a change in between makes the directory newer than it says, and it is read again.
    const revision = await this.store.revision();
    const apis = await db.selectFrom('apis').selectAll().execute();
    const clients = await db.selectFrom('clients').selectAll().execute();
    const secrets = await db.selectFrom('client_secrets').selectAll().orderBy('created_at', 'desc').execute();
    const credentials = await db.selectFrom('client_credentials').selectAll().execute();
    const grants = await db.selectFrom('client_grants').selectAll().execute();
    const keys = await db.selectFrom('signing_keys').selectAll().orderBy('created_at').execute();
    const now = Date.now() / 1000;
    this.#latest = new Directory(
      revision,
      apis.map((row) => ({
        id: row.id,
        identifier: row.identifier,
        name: row.name,
        scopes: (JSON.parse(row.scopes) as { value: string }[]).map(({ value }) => value),
        tokenLifetime: row.token_lifetime,
        dialect: isDialect(row.token_dialect) ? row.token_dialect : 'access_token',
        signingAlg: isSigningAlg(row.signing_alg) ? row.signing_alg : 'RS256',
      })),
      clients.map((row): Client => ({
        clientId: row.client_id,
        name: row.name,
        grantTypes: JSON.parse(row.grant_types) as string[],
        authMethod: row.auth_method as ClientAuthMethod,
        metadata: JSON.parse(row.metadata) as Record<string, string>,
        secretHashes: secrets.filter((secret) => secret.client_id === row.client_id).map(({ hash }) => hash),
        jwks: credentials
          .filter(({ client_id, expires_at }) => client_id === row.client_id && (expires_at ?? now + 1) > now)
          .map(({ jwk, kid, alg }) => ({ ...(JSON.parse(jwk) as JWK), kid, alg, use: 'sig' })),
      })),
      grants.map((row) => ({
        id: row.id,
        clientId: row.client_id,
        audience: row.audience,
        scopes: JSON.parse(row.scope) as string[],
      })),
      keys.flatMap(({ kid, alg, state, jwk }) =>
        state === 'revoked' || !isSigningAlg(alg) ? [] : [{ kid, alg, state, jwk: JSON.parse(jwk) as JWK }],
      ),
    );
    return this.#latest;
  }
}
