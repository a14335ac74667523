import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onCore } from '../measure/cores.js';
import { type LoadRequest, type LoadResult } from './load.js';

const worker = fileURLToPath(new URL('./autocannon-worker.js', import.meta.url));

/** Load by autocannon in a process on the load core. */
export function runAutocannon(request: LoadRequest): Promise<LoadResult> {
  const [command, args] = onCore('load', process.execPath, [worker]);
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as LoadResult));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The load generator ended (${code}).`)));
    child.send(request);
  });
}
