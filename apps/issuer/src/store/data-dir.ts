import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from './store.error.js';

/**
 * Makes the data folder and its `secrets` folder, both for their owner alone.
 *
 * @throws {@link StoreError} `data_dir_unusable`
 */
export function prepareDataDir(dataDir: string): void {
  try {
    for (const folder of [dataDir, join(dataDir, 'secrets')]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
    }
  } catch (error) {
    const message = `the data folder ${dataDir} cannot be used. Set ISSUER_DATA_DIR to a folder of your own.`;
    throw new StoreError('data_dir_unusable', message, { cause: error });
  }
}
