import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from './store.error.js';

const held = new Set<string>();

/**
 * Makes this process the only one that uses a data folder. A lock whose process is gone, however it ended, is taken over.
 *
 * @returns releases the lock
 * @throws {@link StoreError} `data_dir_in_use`, with the id of the process that uses it
 */
export function lockDataDir(dataDir: string): () => void {
  const file = join(dataDir, 'issuer.lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      held.add(file);
      return () => {
        if (held.delete(file)) rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder !== undefined && (holder === process.pid ? held.has(file) : isRunning(holder))) {
      throw new StoreError(
        'data_dir_in_use',
        `process ${holder} uses the data folder ${dataDir}. Stop it, or set ISSUER_DATA_DIR to another folder.`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new StoreError('data_dir_in_use', `another issuer is starting on the data folder ${dataDir}.`);
}

function readHolder(file: string): number | undefined {
  try {
    const holder = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
