import { createHash } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { JWK } from 'jose';
import type { Client, Directory } from '../directory/directory.js';
import type { Store } from '../store/store.js';
import { errors } from './oidc-provider.js';

/** What the protocol engine asks the store: clients, and whether an assertion or a proof was seen before. */
export class EngineAdapter implements Adapter {
  constructor(
    private readonly kind: string,
    private readonly store: Store,
    private readonly directory: () => Directory,
  ) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.kind === 'ReplayDetection') return this.#findReplay(id);
    if (this.kind !== 'Client') return undefined;
    const client = this.directory().client(id);
    if (!client) return undefined;
    return {
      client_id: client.clientId,
      token_endpoint_auth_method: client.authMethod,
      // Whether it may use it is the policy's to say, in the words of Auth0.
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      // Secrets are compared with their hashes; the engine only wants to see that there is one.
      ...(client.authMethod === 'self_signed_tls_client_auth' && {
        tls_client_certificate_bound_access_tokens: true,
      }),
      ...(client.authMethod === 'private_key_jwt' || client.authMethod === 'self_signed_tls_client_auth'
        ? { jwks: { keys: keysInDate(client) } }
        : { client_secret: createHash('sha256').update(client.secretHashes.join()).digest('base64url') }),
    };
  }

  /** Remembers the `jti` of a client assertion or a DPoP proof; the second of two that race is refused. */
  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    if (this.kind !== 'ReplayDetection') return;
    const now = Math.floor(Date.now() / 1000);
    await this.store.db.deleteFrom('replays').where('expires_at', '<', now).execute();
    const { numInsertedOrUpdatedRows } = await this.store.db
      .insertInto('replays')
      .values({ id, expires_at: payload.exp ?? now + expiresIn })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows !== 1n)
      throw new errors.InvalidClientAuth('client assertions and DPoP proofs must only be used once');
  }

  async #findReplay(id: string): Promise<AdapterPayload | undefined> {
    const seen = await this.store.db
      .selectFrom('replays')
      .select('expires_at')
      .where('id', '=', id)
      .where('expires_at', '>=', Math.floor(Date.now() / 1000))
      .executeTakeFirst();
    return seen && { exp: seen.expires_at };
  }

  async consume(): Promise<void> {}
  async destroy(): Promise<void> {}
  async revokeByGrantId(): Promise<void> {}
  async findByUid(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
}

/** A credential ends when its time comes, whether or not anything else changes. */
function keysInDate({ credentials }: Client): JWK[] {
  const now = Date.now() / 1000;
  return credentials.filter(({ expiresAt }) => (expiresAt ?? Infinity) > now).map(({ jwk }) => jwk);
}
