import { Migrator, type Kysely, type Migration } from 'kysely';
import * as tables from './migrations/0001-tables.js';
import * as actionsOrganizationsQuotas from './migrations/0002-actions-organizations-quotas.js';
import type { Tables } from './schema.js';

const migrations: Record<string, Migration> = {
  '0001-tables': tables,
  '0002-actions-organizations-quotas': actionsOrganizationsQuotas,
};

/**
 * Brings the schema up to date. Two processes that do it at once do it once.
 *
 * @throws the error of the migration that failed; what came before it stays
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest();
  if (error !== undefined) {
    throw error instanceof Error ? error : new Error('the store could not be migrated', { cause: error });
  }
}
