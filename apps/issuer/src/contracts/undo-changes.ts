import type { Transaction } from 'kysely';
import { deleteClient, deleteGrants } from '../store/deletions.js';
import type { Tables } from '../store/schema.js';

/** Deletes what a person made or changed, and forgets what one deleted. The contracts bring back what is theirs. */
export async function undoChanges(db: Transaction<Tables>): Promise<void> {
  const grants = await db.selectFrom('client_grants').select('id').where('changed', '=', 1).execute();
  await deleteGrants(
    db,
    grants.map(({ id }) => id),
  );
  await db.deleteFrom('apis').where('changed', '=', 1).execute();
  const added = await db.selectFrom('clients').select('client_id').where('origin', '=', 'api').execute();
  for (const { client_id } of added) await deleteClient(db, client_id);
  await db.deleteFrom('clients').where('changed', '=', 1).execute();
  for (const table of [
    'client_credentials',
    'token_counts',
    'actions',
    'organization_grants',
    'organizations',
    'deletions',
  ] as const)
    await db.deleteFrom(table).execute();
}
