import { Kysely, sql, type Transaction } from 'kysely';
import { prepareDataDir } from './data-dir.js';
import { migrate } from './migrate.js';
import { postgresDialect } from './postgres.js';
import type { Tables } from './schema.js';
import { sqliteDialect } from './sqlite.js';
import { StoreError } from './store.error.js';

/** Options of {@link Store.open}. */
export interface StoreOptions {
  /** Folder of the SQLite file and of the secret files. */
  readonly dataDir: string;
  /** PostgreSQL in place of SQLite. */
  readonly databaseUrl?: string | undefined;
  /** Told when an idle connection to PostgreSQL breaks. */
  readonly onIdleError?: (error: Error) => void;
}

/** The state of the issuer, in SQLite or PostgreSQL. */
export class Store {
  /** The revision as of the last change here, where no other process changes it. */
  #revision: number | undefined;

  private constructor(
    /** For reading. What decides about tokens is written through {@link Store.change}. */
    readonly db: Kysely<Tables>,
    /** Whether other processes may change it: a SQLite file belongs to the one that holds its folder. */
    private readonly shared: boolean,
  ) {}

  /**
   * Opens the store and brings its schema up to date.
   *
   * @throws {@link StoreError}
   */
  static async open({ dataDir, databaseUrl, onIdleError = () => undefined }: StoreOptions): Promise<Store> {
    prepareDataDir(dataDir);
    const dialect = await (databaseUrl ? postgresDialect(databaseUrl, onIdleError) : sqliteDialect(dataDir));
    const db = new Kysely<Tables>({ dialect });
    try {
      if (databaseUrl) await reach(db);
      await migrate(db);
      return new Store(db, databaseUrl !== undefined);
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }

  /**
   * Changes what decides about tokens. Changes run one after another, whichever process makes them; every process sees
   * them from its next request on.
   */
  async change<Result>(run: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    const { value, result } = await this.db.transaction().execute(async (transaction) => {
      const { value } = await transaction
        .updateTable('revision')
        .set(({ eb }) => ({ value: eb('value', '+', 1) }))
        .where('id', '=', 1)
        .returning('value')
        .executeTakeFirstOrThrow();
      return { value, result: await run(transaction) };
    });
    if (!this.shared) this.#revision = value;
    return result;
  }

  /** How often {@link Store.change} has run. */
  async revision(): Promise<number> {
    if (this.#revision !== undefined) return this.#revision;
    const { value } = await this.db
      .selectFrom('revision')
      .select('value')
      .where('id', '=', 1)
      .executeTakeFirstOrThrow();
    if (!this.shared) this.#revision ??= value;
    return value;
  }

  /** Removes from the disk what rows held before they were changed. */
  async scrub(): Promise<void> {
    if (this.shared) {
      for (const name of ['signing_keys', 'actions'])
        await sql`vacuum full ${sql.table(name)}`.execute(this.db);
      return;
    }
    await sql`vacuum`.execute(this.db);
    await sql`pragma wal_checkpoint(truncate)`.execute(this.db);
  }

  /** Closes the connections; what was acknowledged is on the disk already. */
  close(): Promise<void> {
    return this.db.destroy();
  }
}

async function reach(db: Kysely<Tables>): Promise<void> {
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    const message =
      'the database that DATABASE_URL names cannot be reached. Start it, or unset DATABASE_URL to use SQLite.';
    throw new StoreError('database_unreachable', message, { cause: error });
  }
}
