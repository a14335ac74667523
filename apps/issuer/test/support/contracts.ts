import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Audiences of the contracts below. */
export const stockAudience = 'https://stock.example';
export const salesAudience = 'sales-api';

/** Two APIs and a pure client: sales calls stock, the shop calls both. */
export const contracts: Record<string, object> = {
  stock: {
    service: 'stock',
    audience: stockAudience,
    scopes: { 'read:stock': 'Read', 'write:stock': 'Write' },
    tokenLifetime: 600,
    allows: { sales: ['read:stock'], shop: ['read:stock', 'write:stock'] },
  },
  sales: {
    service: 'sales',
    audience: salesAudience,
    scopes: { 'read:sales': 'Read' },
    allows: { shop: ['read:sales'] },
    calls: { stock: ['read:stock'] },
  },
  shop: { service: 'shop', calls: { stock: ['read:stock', 'write:stock'], sales: ['read:sales'] } },
};

/** Writes contracts as a workspace has them. */
export function writeContracts(root: string, all: Record<string, object> = contracts): void {
  for (const [name, contract] of Object.entries(all)) {
    mkdirSync(join(root, 'apps', name), { recursive: true });
    writeFileSync(join(root, 'apps', name, 'contract.json'), JSON.stringify(contract));
  }
}
