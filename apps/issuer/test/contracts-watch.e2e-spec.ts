import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contracts, stockAudience, writeContracts } from './support/contracts.js';
import { RunningIssuer } from './support/running-issuer.js';

describe('a contract that changes while the issuer runs', () => {
  let issuer: RunningIssuer;
  beforeAll(async () => (issuer = await RunningIssuer.start()));
  afterAll(() => issuer.dispose());

  it('decides about the next tokens, and a new service gets its client and its secret', async () => {
    expect((await issuer.token('sales', { audience: stockAudience })).body.scope).toBe('read:stock');
    const { stock } = contracts as { stock: { allows: object } };
    writeContracts(issuer.folder, {
      stock: { ...stock, allows: { ...stock.allows, till: ['write:stock'] } },
      till: { service: 'till', calls: { stock: ['write:stock'] } },
    });
    await vi.waitFor(
      async () => {
        expect(existsSync(join(issuer.dataDir, 'secrets', 'till'))).toBe(true);
        expect((await issuer.token('till', { audience: stockAudience })).body.scope).toBe('write:stock');
      },
      { timeout: 15_000, interval: 200 },
    );
  });
});
