import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BootError } from './boot.error.js';
import { createService } from './create-service.js';
import { defineService } from './define-service.js';

@Module({})
class EmptyModule {}

const contract = {
  service: 'orders',
  audience: 'https://orders.example',
  port: 4321,
  scopes: { 'read:orders': 'Read any order' },
};

describe('a service with a contract', () => {
  let folder: string;

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'contract-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function serviceOf(text: string) {
    const file = pathToFileURL(join(folder, 'contract.json'));
    writeFileSync(file, text);
    const seen: { port?: number; service?: string } = {};
    const service = defineService({
      contract: file,
      environment: ({ service: name }) => {
        seen.service = name;
        return {};
      },
      module: ({ server }) => {
        seen.port = server.port;
        return EmptyModule;
      },
    });
    return { file, service, seen };
  }

  async function bootErrorOf(text: string) {
    const { file, service } = serviceOf(text);
    const error: unknown = await createService(service, { LOG_LEVEL: 'silent' }).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof BootError)) throw new Error('It booted.', { cause: error });
    return { code: error.code, lines: error.message.split('\n'), path: fileURLToPath(file) };
  }

  it('takes its name and its port from it', async () => {
    const { service, seen } = serviceOf(JSON.stringify(contract));
    const app = await createService(service, { LOG_LEVEL: 'silent' });
    expect(seen).toEqual({ service: 'orders', port: 4321 });
    await app.close();
  });

  it('does not boot on an error in it: the code, the file and the place are named', async () => {
    const { code, lines, path } = await bootErrorOf(
      JSON.stringify({ ...contract, allows: { storefront: ['raed:orders'], orders: ['read:orders'] } }),
    );
    expect(code).toBe('contract_invalid');
    expect(lines[0]).toBe(`its contract cannot be used: ${path}`);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}scope_unknown at \/allows\/storefront\/0: /));
  });

  it('does not boot on a file that is no contract, or is not there', async () => {
    expect((await bootErrorOf('{')).lines[1]).toMatch(/^ {2}json_malformed at \//);
    expect((await bootErrorOf('{"service": 7}')).lines[1]).toMatch(/^ {2}schema_invalid at \/service: /);
    const missing = defineService({
      contract: pathToFileURL(join(folder, 'none.json')),
      environment: () => ({}),
      module: () => EmptyModule,
    });
    await expect(createService(missing, {})).rejects.toThrow(/file_unreadable/);
  });
});
