import type { Kysely } from 'kysely';

/** Actions, organizations, token counts, and what client credentials and grants say about them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('actions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('secrets', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('deployed_code', 'text')
    .addColumn('deployed_secrets', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('deployed_at', 'text')
    .addColumn('position', 'integer')
    .addColumn('display_name', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('organizations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('organization_grants')
    .addColumn('organization_id', 'text', (column) => column.notNull())
    .addColumn('grant_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('organization_grants_key', ['organization_id', 'grant_id'])
    .execute();
  await schema
    .createTable('token_counts')
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('window', 'text', (column) => column.notNull())
    .addColumn('started_at', 'integer', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('token_counts_key', ['client_id', 'window'])
    .execute();
  await schema
    .alterTable('client_credentials')
    .addColumn('type', 'text', (column) => column.notNull().defaultTo('public_key'))
    .execute();
  await schema
    .alterTable('client_grants')
    .addColumn('organization_usage', 'text', (column) => column.notNull().defaultTo('deny'))
    .execute();
  await schema
    .alterTable('client_grants')
    .addColumn('allow_any_organization', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
