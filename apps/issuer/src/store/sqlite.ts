import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteDialect, type Dialect } from 'kysely';
import Database from 'libsql';
import { StoreError } from './store.error.js';

/**
 * The SQLite file of a data folder, held by this process alone: the operating system releases the lock however the
 * process ends. Every commit is on the disk before it is acknowledged.
 *
 * @throws {@link StoreError} `data_dir_in_use` or `data_dir_unusable`
 */
export function sqliteDialect(dataDir: string): Dialect {
  const file = join(dataDir, 'issuer.db');
  try {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const database = new Database(file);
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = FULL');
      database.exec('BEGIN EXCLUSIVE; COMMIT');
    } catch (error) {
      database.close();
      throw error;
    }
    return new SqliteDialect({ database });
  } catch (error) {
    throw explain(error, dataDir);
  }
}

function explain(error: unknown, dataDir: string): StoreError {
  const text = error instanceof Error ? `${(error as { code?: string }).code ?? ''} ${error.message}` : '';
  if (/SQLITE_BUSY|locked/i.test(text)) {
    const message = `another issuer uses the data folder ${dataDir}. Stop that one, or set ISSUER_DATA_DIR to another folder.`;
    return new StoreError('data_dir_in_use', message, { cause: error });
  }
  const message = `${join(dataDir, 'issuer.db')} cannot be opened. Move it away, or set ISSUER_DATA_DIR to another folder.`;
  return new StoreError('data_dir_unusable', message, { cause: error });
}
