import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const serverCore = '0';
const loadCore = '1';

const canPin =
  process.platform === 'linux' &&
  availableParallelism() >= 2 &&
  spawnSync('taskset', ['-c', serverCore, 'true']).status === 0;

/** Whether servers and load run on a core of their own. */
export const pinned: boolean = canPin;

/** A command line on the core of servers or of load, where the machine allows it. */
export function onCore(
  role: 'server' | 'load',
  command: string,
  args: readonly string[],
): [string, string[]] {
  if (!canPin) return [command, [...args]];
  return ['taskset', ['-c', role === 'server' ? serverCore : loadCore, command, ...args]];
}
