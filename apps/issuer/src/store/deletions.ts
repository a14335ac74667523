import type { Kysely } from 'kysely';
import type { DeletionTable, Tables } from './schema.js';

/** Remembers what a person deleted, so that a contract does not bring it back. */
export async function rememberDeletion(db: Kysely<Tables>, deletion: DeletionTable): Promise<void> {
  await db
    .insertInto('deletions')
    .values(deletion)
    .onConflict((clash) => clash.doNothing())
    .execute();
}

/** Deletes a client and everything that is its own. */
export async function deleteClient(db: Kysely<Tables>, clientId: string): Promise<void> {
  await db
    .deleteFrom('organization_grants')
    .where('grant_id', 'in', (eb) =>
      eb.selectFrom('client_grants').select('id').where('client_id', '=', clientId),
    )
    .execute();
  for (const table of [
    'clients',
    'client_secrets',
    'client_credentials',
    'client_grants',
    'token_counts',
  ] as const) {
    await db.deleteFrom(table).where('client_id', '=', clientId).execute();
  }
}

/** Deletes client grants, and what says which organizations they cover. */
export async function deleteGrants(db: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.deleteFrom('organization_grants').where('grant_id', 'in', ids).execute();
  await db.deleteFrom('client_grants').where('id', 'in', ids).execute();
}
