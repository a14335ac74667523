import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteDialect, type Dialect } from 'kysely';
import { lockDataDir } from './data-dir-lock.js';
import { StoreError } from './store.error.js';

/**
 * The SQLite file of a data folder, used by this process alone. Every commit is on the disk before it is acknowledged.
 *
 * @throws {@link StoreError} `data_dir_in_use` or `data_dir_unusable`
 */
export async function sqliteDialect(dataDir: string): Promise<Dialect> {
  const { default: Database } = await import('libsql');
  const unlock = lockDataDir(dataDir);
  const file = join(dataDir, 'issuer.db');
  try {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const database = new Database(file);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    // What is deleted or sealed anew leaves nothing in the file.
    database.exec('PRAGMA secure_delete = ON');
    const close = (): void => {
      database.close();
      unlock();
    };
    return new SqliteDialect({ database: { prepare: (text) => database.prepare(text), close } });
  } catch (error) {
    unlock();
    const message = `${file} cannot be opened. Move it away, or set ISSUER_DATA_DIR to another folder.`;
    throw new StoreError('data_dir_unusable', message, { cause: error });
  }
}
