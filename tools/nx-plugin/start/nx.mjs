import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const require = createRequire(join(root, 'package.json'));

/**
 * Runs the workspace's own Nx.
 *
 * @param {string[]} args arguments of the `nx` command
 * @param {{ quiet?: boolean }} options `quiet` keeps the output back and prints it only where Nx failed
 * @returns {number} the exit status
 */
export function nx(args, { quiet = false } = {}) {
  const result = spawnSync(process.execPath, [require.resolve('nx/bin/nx.js'), ...args], {
    cwd: root,
    env: {
      ...process.env,
      NX_DAEMON: process.env.NX_DAEMON ?? 'false',
      // A process for each plugin would take longer to start than the plugins run.
      NX_ISOLATE_PLUGINS: process.env.NX_ISOLATE_PLUGINS ?? 'false',
      NX_TUI: process.env.NX_TUI ?? 'false',
    },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const status = result.status ?? 1;
  if (quiet && status !== 0) process.stderr.write(`${result.stdout}${result.stderr}`);
  return status;
}
