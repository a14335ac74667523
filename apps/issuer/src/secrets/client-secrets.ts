import type { Kysely } from 'kysely';
import { secretFile } from '../configuration/issuer.environment.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { Tables } from '../store/schema.js';
import type { Store } from '../store/store.js';
import { generateSecret, readSecretFile, writeSecretFile } from './secret-file.js';
import { hashSecret } from './secret-hash.js';

/** How many secrets of a client are valid at once. */
const overlapping = 2;

/** The secrets of the clients: hashed in the store; in clear only in the file from which a client on this machine starts. */
export class ClientSecrets {
  constructor(
    private readonly store: Store,
    private readonly dataDir: string,
  ) {}

  /**
   * Sees to it that a client has a secret and that its file holds one. A file that outlived the store is taken over.
   *
   * @param given the secret to use in place of a generated one; no file is written then
   */
  async ensure(clientId: string, given?: string): Promise<void> {
    const stored = await this.store.db
      .selectFrom('client_secrets')
      .select('id')
      .where('client_id', '=', clientId)
      .execute();
    const file = secretFile(this.dataDir, clientId);
    const inFile = given ?? readSecretFile(file);
    if (stored.length > 0 && inFile !== undefined && given === undefined) return;
    const secret = inFile ?? generateSecret();
    if (inFile === undefined) writeSecretFile(file, secret);
    await this.add(clientId, secret, given === undefined ? overlapping : 1);
  }

  /**
   * Gives a client a new secret. The one before stays valid until the next rotation.
   *
   * @returns the clear text, which is shown this once
   */
  async rotate(clientId: string): Promise<string> {
    const secret = generateSecret();
    if (readSecretFile(secretFile(this.dataDir, clientId)) !== undefined) {
      writeSecretFile(secretFile(this.dataDir, clientId), secret);
    }
    await this.add(clientId, secret, overlapping);
    return secret;
  }

  /** Adds a secret and drops the oldest beyond `keep`. */
  async add(clientId: string, secret: string, keep: number): Promise<void> {
    const hash = await hashSecret(secret);
    await this.store.change((transaction) => addHash(transaction, clientId, hash, keep));
  }
}

/** Adds the hash of a secret and drops the oldest beyond `keep`. */
export async function addHash(
  db: Kysely<Tables>,
  clientId: string,
  hash: string,
  keep = overlapping,
): Promise<void> {
  await db
    .insertInto('client_secrets')
    .values({ id: randomId(16), client_id: clientId, hash, created_at: timestamp() })
    .execute();
  const all = await db
    .selectFrom('client_secrets')
    .select(['id', 'hash', 'created_at'])
    .where('client_id', '=', clientId)
    .orderBy('created_at', 'desc')
    .execute();
  const older = all.filter((row) => row.hash !== hash).slice(keep - 1);
  if (older.length === 0) return;
  await db
    .deleteFrom('client_secrets')
    .where(
      'id',
      'in',
      older.map(({ id }) => id),
    )
    .execute();
}
