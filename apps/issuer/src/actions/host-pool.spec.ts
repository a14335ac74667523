import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noGrants, parseGrants } from './action-grants.js';
import type { ActionAnswer } from './action-answer.js';
import { HostPool } from './host-pool.js';

let dataDir: string;
let pool: HostPool;
beforeAll(() => void (dataDir = mkdtempSync(join(tmpdir(), 'hosts-'))));
afterEach(() => pool.close());
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const event = {
  client: { client_id: 'shop', name: 'shop', metadata: {} },
  resource_server: { identifier: 'https://stock.example' },
  request: { body: {} },
  accessToken: { customClaims: {}, scope: ['read', 'write'] },
  secrets: { key: 'hidden' },
  tenant: { id: 'localhost' },
};

function open(grants: readonly string[] = [], timeout = 2_000): void {
  pool = new HostPool({
    dataDir,
    timeout,
    memory: 32,
    grants: grants.length > 0 ? parseGrants(grants) : noGrants,
  });
}

const body = (code: string) => `exports.onExecuteCredentialsExchange = async (event, api) => {${code}};`;
const action = (code: string) => ({ name: 'mine.js', code, secrets: {} });
const run = (code: string, cache: object[] = []): Promise<ActionAnswer> =>
  pool.run(action(code), { event, cache, now: 1_000 });
const inside = (code: string) => run(body(code));
const claimOf = async (code: string) =>
  (await inside(`api.accessToken.setCustomClaim('it', ${code})`)).claims['it'];

describe('a process that runs an Action', () => {
  it('answers with what the Action asked for, and is warm for the next run', async () => {
    open();
    const code = body(`
      globalThis.runs = (globalThis.runs ?? 0) + 1;
      api.accessToken.setCustomClaim('runs', runs);
      api.accessToken.setCustomClaim('key', event.secrets.key);
      api.transaction.removeTargetScope('write');
      await new Promise((resolve) => setTimeout(resolve, 1));
      console.log('told', { a: 1 });
    `);
    const first = await run(code);
    expect(first).toMatchObject({
      claims: { runs: 1, key: 'hidden' },
      scopes: ['read'],
      log: 'told {"a":1}\n',
    });
    expect((await run(code)).claims['runs']).toBe(2);
    expect(pool.size).toBe(1);
  });

  it('keeps what the Action caches, and lets it be deleted', async () => {
    open();
    const set = await inside(`
      api.accessToken.setCustomClaim('set', api.cache.set('a', '1', { ttl: 500 }).type);
      api.accessToken.setCustomClaim('get', api.cache.get('a').value);
      api.accessToken.setCustomClaim('big', api.cache.set('b', 'x'.repeat(5000)).type);
    `);
    expect(set.claims).toEqual({ set: 'success', get: '1', big: 'error' });
    expect(set.cache).toEqual([{ key: 'a', record: { value: '1', expires_at: 1_500 } }]);
    expect((await run(body(`api.cache.delete('a')`), set.cache)).cache).toEqual([]);
  });

  it('denies, and an answer after the end changes nothing', async () => {
    open();
    const { denied, claims } = await inside(`
      api.access.deny('invalid_scope', 'not today');
      setTimeout(() => api.accessToken.setCustomClaim('late', 1), 1);
    `);
    expect({ denied, claims }).toEqual({
      denied: { code: 'invalid_scope', reason: 'not today' },
      claims: {},
    });
  });

  it('runs a Hook, the form that Actions had before', async () => {
    open();
    const answer = await run(`
      module.exports = function (client, scope, audience, context, cb) {
        if (audience === 'https://other.example') return cb(new InvalidRequestError('no'));
        cb(null, { scope: [...scope, 'more'], 'https://ns/client': client.id, secret: context.webtask.secrets.key });
      };
    `);
    expect(answer).toMatchObject({
      scopes: ['read', 'write', 'more'],
      claims: { 'https://ns/client': 'shop', secret: 'hidden' },
    });
  });

  it('denies for a Hook that answers an error of Auth0', async () => {
    open();
    const { denied } = await run(
      'module.exports = (client, scope, audience, context, cb) => cb(new InvalidScopeError("no"));',
    );
    expect(denied).toEqual({ code: 'invalid_scope', reason: 'no' });
  });

  it.each<[string, string, string, RegExp]>([
    ['throws', body('\nthrow new Error("broken")'), 'action_threw', /Error: broken at mine\.js:2:\d+/],
    ['throws what is no error', body('throw null'), 'action_threw', /failed/],
    [
      'throws later',
      body('setTimeout(() => { throw new Error("late") }); await new Promise(() => {})'),
      'action_threw',
      /late/,
    ],
    ['cannot be parsed', 'this is no code', 'action_unreadable', /SyntaxError/],
    ['exports nothing', 'exports.other = 1', 'action_unreadable', /onExecuteCredentialsExchange/],
    ['never settles', body('await new Promise(() => {})'), 'action_timeout', /2 s/],
    ['loops', body('for (;;);'), 'action_timeout', /2 s/],
    ['loops in promises', body('for (;;) await null;'), 'action_timeout', /2 s/],
    ['ends the process', body('process.exit(0)'), 'action_threw', /process is not defined/],
    [
      'fills the heap',
      body('const all = []; for (;;) all.push(new Array(1e5).fill({}))'),
      'action_exited',
      /memory/,
    ],
    [
      'answers too much',
      body('api.accessToken.setCustomClaim("a", "x".repeat(3e5))'),
      'action_threw',
      /100 kB/,
    ],
    ['answers what is no JSON', body('api.accessToken.setCustomClaim("a", 1n)'), 'action_threw', /BigInt/],
  ])('fails for an Action that %s, and the next run is answered', async (_name, code, failure, problem) => {
    open();
    await expect(run(code)).rejects.toMatchObject({
      code: failure,
      action: 'mine.js',
      problem: expect.stringMatching(problem) as string,
    });
    expect(await claimOf('1')).toBe(1);
  });

  it.runIf(process.platform === 'linux')('ends an Action that fills memory beside the heap', async () => {
    open([], 20_000);
    const code = body(`
      const all = [];
      for (;;) { all.push(new Uint8Array(1e7).fill(1)); await new Promise((resolve) => setTimeout(resolve, 1)); }
    `);
    await expect(run(code)).rejects.toMatchObject({ code: 'action_overflow' });
    expect(await claimOf('1')).toBe(1);
  });

  it('bounds what an Action writes', async () => {
    open();
    const { log } = await inside(`for (let i = 0; i < 5000; i++) console.log('x'.repeat(1000))`);
    expect(log.length).toBe(100_000);
  });

  it('is replaced where the Action goes on after its answer', async () => {
    open();
    const code = body(
      `setTimeout(() => {}, 1); Promise.resolve().then(async () => { for (;;) await null; })`,
    );
    expect((await run(code)).claims).toEqual({});
    expect((await run(code)).claims).toEqual({});
  });

  describe('an Action that looks for a way out', () => {
    it.each([
      ['the constructor of its realm', 'this.constructor.constructor("return process")()'],
      ['the constructor of a function', '(() => {}).constructor("return process")()'],
      ['the constructor of what it is given', 'api.cache.get.constructor("return process")()'],
      ['the constructor of the event', 'event.constructor.constructor("return process")()'],
      ['eval', 'eval("1")'],
      ['an import', 'await import("node:fs")'],
      ['require', 'require("node:fs")'],
      ['fetch', 'fetch("http://127.0.0.1/")'],
      ['the environment', 'process.env'],
    ])('finds none by %s', async (_name, code) => {
      open();
      await expect(inside(code)).rejects.toMatchObject({ code: 'action_threw' });
      expect(await claimOf('1')).toBe(1);
    });

    it('meets an empty environment and no files even with the process in its hands', async () => {
      process.env['ISSUER_TEST_SECRET'] = 'hidden';
      try {
        open(['process', 'require:fs']);
        expect(await claimOf('Object.keys(process.env)')).toEqual([]);
        await expect(inside('require("fs").readFileSync("/etc/hostname")')).rejects.toMatchObject({
          problem: expect.stringMatching(/restricted/) as string,
        });
        await expect(inside('require("child_process")')).rejects.toMatchObject({
          problem: expect.stringMatching(/not granted/) as string,
        });
        await expect(inside('process.exit(0)')).rejects.toMatchObject({ code: 'action_exited' });
      } finally {
        delete process.env['ISSUER_TEST_SECRET'];
      }
    });
  });

  it('reaches what is granted by name', async () => {
    process.env['ISSUER_TEST_NAME'] = 'granted';
    try {
      open(['URL', 'require:node:crypto', 'env:ISSUER_TEST_NAME']);
      expect(await claimOf('new URL("https://a.example/b").pathname')).toBe('/b');
      expect(
        await claimOf('require("node:crypto").createHash("sha256").update("").digest("hex").length'),
      ).toBe(64);
      expect(await claimOf('process.env.ISSUER_TEST_NAME')).toBe('granted');
    } finally {
      delete process.env['ISSUER_TEST_NAME'];
    }
  });

  it('bounds its processes and the runs that wait', async () => {
    open();
    const code = body('await new Promise((resolve) => setTimeout(resolve, 20))');
    const runs = await Promise.allSettled(Array.from({ length: 80 }, () => run(code)));
    const refused = runs.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(80 - 2 - 64);
    expect(refused[0]).toMatchObject({ reason: { code: 'actions_busy' } });
    expect(pool.size).toBe(2);
    for (let index = 0; index < 10; index++) await run(`${body('')}// ${index}`);
    expect(pool.size).toBeLessThanOrEqual(8);
  });
});
