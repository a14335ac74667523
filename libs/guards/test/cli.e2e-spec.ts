import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../src/lib/cli/cli.js';
import { constructed } from './support/built-service.js';
import { TestIssuer, type TokenShape } from './support/issuer.js';

const service = join(import.meta.dirname, 'support/built-service.ts');
let folder: string;
let issuer: TestIssuer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-auth-'));
  issuer = await TestIssuer.start();
  vi.stubEnv('AUTH_ISSUER', issuer.url);
});
afterEach(() => vi.stubEnv('ASYNC_OPTIONS', undefined));
afterAll(async () => {
  vi.unstubAllEnvs();
  await issuer.close();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], input: readonly string[] = []): Promise<Run> {
  const written = { out: '', err: '' };
  async function* stdin(): AsyncIterable<string> {
    yield* input;
  }
  const status = await runCli(args, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    stdin: stdin(),
  });
  return { status, ...written };
}

const explain = async (route: string, shape: TokenShape = {}): Promise<Run> =>
  run(
    ['explain', '--service', service, '--route', route, '--token-file', '-'],
    [`${await issuer.mint(shape)}\n`],
  );

describe('countersign-auth auth-manifest', () => {
  const manifest = [
    '{',
    '  "GET /orders/:id": { "allOf": ["read:orders"] },',
    '  "GET /orders/mine": "authenticated",',
    '  "GET /orders/prices": "public",',
    '  "POST /orders": { "allOf": ["write:orders"], "callers": [["storefront"]] }',
    '}',
    '',
  ].join('\n');

  it('prints every route with what it requires, sorted, one on each line', async () => {
    const { status, out } = await run(['auth-manifest', '--service', service]);
    expect({ status, out }).toEqual({ status: 0, out: manifest });
    expect(JSON.parse(out)).toHaveProperty(['POST /orders', 'allOf'], ['write:orders']);
  });

  it('constructs nothing and asks nobody, however the options are made', async () => {
    vi.stubEnv('ASYNC_OPTIONS', '1');
    const { status, out } = await run(['auth-manifest', '--service', service]);
    expect({ status, out }).toEqual({ status: 0, out: manifest });
    expect(constructed).toEqual([]);
    expect(issuer.jwksRequests).toBe(0);
  });

  it('writes the file, and finds out that it is stale', async () => {
    const file = join(folder, 'auth-manifest.json');
    const check = ['auth-manifest', '--service', service, '--file', file, '--check'];
    expect(await run(check)).toMatchObject({
      status: 1,
      err: expect.stringContaining('not up to date') as string,
    });
    expect(await run(['auth-manifest', '--service', service, '--file', file])).toMatchObject({
      status: 0,
      out: '',
    });
    expect(await readFile(file, 'utf8')).toBe(manifest);
    expect(await run(check)).toMatchObject({ status: 0, err: '' });
    await writeFile(file, manifest.replace('"authenticated"', '"public"'));
    expect(await run(check)).toMatchObject({ status: 1 });
    expect(await readFile(file, 'utf8')).not.toBe(manifest);
  });
});

describe('countersign-auth explain', () => {
  it('accepts a token that is good for the route', async () => {
    const { status, out } = await explain('GET /orders/7');
    expect(out).toContain('GET /orders/:id requires the scope read:orders.');
    expect(out).toContain('Accepted: Every check passed.');
    expect(status).toBe(0);
  });

  it.each<[what: string, route: string, shape: TokenShape, code: string, advice: string]>([
    ['a missing scope', 'POST /orders', {}, 'scope_missing', 'Grant the scope'],
    [
      'another client',
      'POST /orders',
      { scope: 'write:orders', clientId: 'inventory' },
      'scope_missing',
      'Call the route as a client that its @CallerIs() names',
    ],
    [
      'another audience',
      'GET /orders/7',
      { audience: 'https://b.example' },
      'audience_mismatch',
      'AUTH_AUDIENCE',
    ],
    ['an expired token', 'GET /orders/mine', { expiresIn: -3_600 }, 'token_expired', 'Get a new token'],
  ])('says that %s is refused, and what to do', async (_what, route, shape, code, advice) => {
    const { status, out, err } = await explain(route, shape);
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toContain(`Refused: ${code}`);
    expect(out).toContain(advice);
  });

  it('says where it asked for the keys and what came back, when there are none', async () => {
    issuer.down = true;
    const { status, out } = await explain('GET /orders/7');
    issuer.down = false;
    expect(status).toBe(2);
    expect(out).toContain('Cannot tell: keys_unavailable');
    expect(out).toContain(`${issuer.url}.well-known/openid-configuration answered 503;`);
    expect(out).toContain('correct AUTH_ISSUER or AUTH_JWKS_URI');
  });

  it('reads the token from a file, after the word Bearer as well, and never shows it', async () => {
    const file = join(folder, 'token');
    const token = await issuer.mint({ audience: 'https://b.example' });
    await writeFile(file, `Bearer ${token}\n`);
    const { status, out } = await run(['explain', '--service', service, '--token-file', file]);
    expect(status).toBe(1);
    expect(out).toContain('Refused: audience_mismatch');
    for (const part of token.split('.')) expect(out).not.toContain(part);
  });

  it('shows what the token says without giving it the terminal', async () => {
    const { out } = await explain('GET /orders/7', { scope: 'a\u001b[2J\u009b31m' });
    expect(out).toContain('scope');
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('makes the verifier of a service whose options a factory makes', async () => {
    vi.stubEnv('ASYNC_OPTIONS', '1');
    expect(await explain('GET /orders/7')).toMatchObject({ status: 0 });
    expect(await explain('POST /orders')).toMatchObject({ status: 1 });
  });

  it('needs no token for a route that is public', async () => {
    const { status, out } = await run(
      ['explain', '--service', service, '--route', 'GET /orders/prices', '--token-file', '-'],
      ['junk'],
    );
    expect({ status, out }).toEqual({
      status: 0,
      out: 'GET /orders/prices is public: no token is looked at.\n',
    });
  });
});

describe('countersign-auth', () => {
  it.each<[what: string, args: string[], message: string]>([
    ['an unknown command', ['guess'], 'unknown command'],
    ['no service', ['auth-manifest'], '--service'],
    [
      'a token among the arguments',
      ['explain', '--service', service, '--token-file', '-', '--token', 'x'],
      "unknown option '--token'",
    ],
    ['a check without a file', ['auth-manifest', '--service', service, '--check'], '--file'],
    [
      'a service that is not built',
      ['auth-manifest', '--service', 'nowhere/service.js'],
      'Build the service first',
    ],
    [
      'a module that is no service',
      ['auth-manifest', '--service', import.meta.filename.replace('cli.e2e-spec', 'support/issuer')],
      'exports neither',
    ],
    [
      'an unknown route',
      ['explain', '--service', service, '--route', 'GET /stock', '--token-file', '-'],
      'POST /orders',
    ],
    ['no token', ['explain', '--service', service, '--token-file', '-'], 'no token in standard input'],
  ])('answers 2 to %s', async (_what, args, message) => {
    const { status, err } = await run(args);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });

  it('does not repeat a token that was given as an argument', async () => {
    const { status, err } = await run([
      'explain',
      '--service',
      service,
      '--token-file',
      '-',
      `--token=${await issuer.mint()}`,
    ]);
    expect(status).toBe(2);
    expect(err).toContain('--token=<token>');
    expect(err).not.toContain('eyJ');
  });

  it.each(['--token-file', '--route', '--service'])(
    'does not repeat a token that was given by mistake as %s',
    async (option) => {
      const good = { '--service': service, '--route': 'POST /orders', '--token-file': '-' };
      const args = Object.entries({ ...good, [option]: await issuer.mint() }).flat();
      const { status, out, err } = await run(['explain', ...args], ['x']);
      expect(status).toBe(2);
      expect(err).toContain('<token>');
      expect(out + err).not.toContain('eyJ');
    },
  );

  it('reads no more than a token', async () => {
    const args = ['explain', '--service', service, '--token-file', '-'];
    expect(await run(args, ['x'.repeat(100_000), 'x'.repeat(100_000)])).toMatchObject({
      status: 2,
      err: expect.stringContaining('more than a token') as string,
    });
  });

  it('shows its help', async () => {
    expect(await run(['--help'])).toMatchObject({
      status: 0,
      out: expect.stringContaining('auth-manifest') as string,
    });
  });
});
