import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the workspace. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The folder for what a local run leaves behind: keys, secrets, logs. Never tracked by git. */
export const dataDir = resolve(root, process.env.ISSUER_DATA_DIR || '.countersign');

/**
 * Every service of the workspace, read from its contract.
 *
 * @returns {{ name: string, audience?: string, port?: number, calls: string[], entry: string }[]} sorted by name
 */
export function readServices() {
  return readdirSync(join(root, 'apps'))
    .filter((name) => existsSync(join(root, 'apps', name, 'contract.json')))
    .sort()
    .map((name) => {
      const contract = JSON.parse(readFileSync(join(root, 'apps', name, 'contract.json'), 'utf8'));
      return {
        name: contract.service,
        audience: contract.audience,
        port: contract.port,
        calls: Object.keys(contract.calls ?? {}),
        entry: join(root, 'apps', name, 'dist', 'main.js'),
      };
    });
}

/** The environment variable prefix of a service: `stock-ledger` → `STOCK_LEDGER`. */
export const variablePrefix = (service) => service.toUpperCase().replaceAll('-', '_');
