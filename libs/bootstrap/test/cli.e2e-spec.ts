import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../src/lib/cli/cli.js';

const service = join(import.meta.dirname, 'fixtures/documented-service.ts');
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'countersign-openapi-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const written = { out: '', err: '' };
  const status = await runCli(args, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
  });
  return { status, ...written };
}

describe('countersign-openapi', () => {
  it('prints the document with paths, methods and components in the order of their names', async () => {
    const { status, out } = await run('--service', service);
    const { info, paths, components } = JSON.parse(out) as OpenAPIObject;
    expect(status).toBe(0);
    expect(info.title).toBe('Shop');
    expect(Object.keys(paths)).toEqual(['/drafts/{id}', '/things']);
    expect(Object.keys(paths['/things'] ?? {})).toEqual(['get', 'post']);
    expect(components?.schemas).toHaveProperty('Error');
  });

  it('is the same whatever the environment says', async () => {
    const { out } = await run('--service', service);
    vi.stubEnv('DATABASE_URL', 'postgres://localhost/shop');
    vi.stubEnv('NODE_ENV', 'development');
    expect((await run('--service', service)).out).toBe(out);
    expect(JSON.parse(out)).toMatchObject({ info: { description: 'https://preview.invalid/' } });
    vi.unstubAllEnvs();
  });

  it('writes the document, finds it current however it is formatted, and stale once it is edited or missing', async () => {
    const file = join(folder, 'openapi.json');
    const check = () => run('--service', service, '--file', file, '--check');
    expect(await check()).toMatchObject({
      status: 1,
      err: expect.stringContaining('not up to date') as string,
    });
    expect(await run('--service', service, '--file', file)).toEqual({ status: 0, out: '', err: '' });
    const text = await readFile(file, 'utf8');
    expect(await check()).toMatchObject({ status: 0, err: '' });
    await writeFile(file, JSON.stringify(JSON.parse(text)));
    expect(await check()).toMatchObject({ status: 0 });
    for (const edited of [text.replace('/things', '/thing'), text.slice(1)]) {
      await writeFile(file, edited);
      expect(await check()).toMatchObject({ status: 1 });
    }
  });

  it.each([
    [[], '--service is missing'],
    [['--service', service, '--check'], '--check needs --file'],
    [['--servise', service], '--servise'],
    [['--service', join(import.meta.dirname, 'none.js')], 'Build the service first.'],
    [['--service', join(import.meta.dirname, '../src/index.ts')], 'exports no `service`'],
    [['--service', service, '--file', import.meta.dirname, '--check'], 'cannot be read'],
  ])('cannot do %j, and says why', async (args, reason) => {
    expect(await run(...args)).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining(reason) as string,
    });
  });

  it('shows how it is called', async () => {
    expect(await run('--help')).toMatchObject({ status: 0, out: expect.stringMatching(/^Usage:/) as string });
  });
});
