import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../../nx-plugin/start/output.mjs';
import { root } from '../../nx-plugin/start/workspace.mjs';

const lines = [
  [20, 19],
  [22, 12],
  [24, 0],
];

/** Ends the process with a clear message where this Node.js is not one of `engines` in package.json. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const supported = lines.some(([line, least]) => major === line && minor >= least) || major > 24;
  if (supported) return;
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  fail(`Node.js ${process.versions.node} is not supported. Potential solutions:`, [
    `install a Node.js that matches ${engines.node}`,
    'or run one from npm: npx -y node@24 tools/run/start.mjs',
  ]);
}

function modified(file) {
  try {
    return statSync(join(root, file)).mtimeMs;
  } catch {
    return undefined;
  }
}

/** Installs the packages of package-lock.json where node_modules is missing or older than it. */
export function ensureInstalled() {
  checkNode();
  const installed = modified('node_modules/.package-lock.json');
  if (installed !== undefined && installed >= modified('package-lock.json')) return;

  console.log('Installing the packages of package-lock.json (npm ci) …');
  const npm = process.env.npm_execpath;
  const { status, error } = npm
    ? spawnSync(process.execPath, [npm, 'ci'], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', ['ci'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) fail(`npm ci failed${error ? `: ${error.message}` : ''}. Its own message is above.`);
}
