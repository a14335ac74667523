import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Absolute path of the workspace that this program is in, or is installed in: the nearest folder above with an `nx.json`. */
export const root = findRoot(import.meta.dirname);

/** The folder for what a local run leaves behind: keys, secrets, logs. Never tracked by git. */
export const dataDir = resolve(root, process.env.ISSUER_DATA_DIR || '.countersign');

function findRoot(folder) {
  if (existsSync(join(folder, 'nx.json'))) return folder;
  if (dirname(folder) === folder) throw new Error(`No folder above ${import.meta.dirname} has an nx.json.`);
  return findRoot(dirname(folder));
}

/**
 * Every service of the workspace, read from its contract.
 *
 * @returns {{ name: string, audience?: string, port?: number, calls: string[], entry: string }[]} sorted by name
 */
export function readServices() {
  const apps = join(root, 'apps');
  return (existsSync(apps) ? readdirSync(apps) : [])
    .filter((name) => existsSync(join(apps, name, 'contract.json')))
    .sort()
    .map((name) => {
      const contract = JSON.parse(readFileSync(join(apps, name, 'contract.json'), 'utf8'));
      return {
        name: contract.service,
        audience: contract.audience,
        port: contract.port,
        calls: Object.keys(contract.calls ?? {}),
        entry: join(apps, name, 'dist', 'main.js'),
      };
    });
}

/** The environment variable prefix of a service: `stock-ledger` → `STOCK_LEDGER`. */
export const variablePrefix = (service) => service.toUpperCase().replaceAll('-', '_');
