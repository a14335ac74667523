import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { root } from '../nx-plugin/start/workspace.mjs';

ensureInstalled();
const { nx } = await import('../nx-plugin/start/nx.mjs');

const built = nx(['run-many', '-t', 'build'], { quiet: true });
if (built !== 0) process.exit(built);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'tools/bench/dist/main.js'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
