import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stockAudience } from './support/contracts.js';
import { KilledIssuer, type Acknowledged } from './support/killed-issuer.js';
import { RunningIssuer, type ManagementCall } from './support/running-issuer.js';
import { testStores, type TestStore } from './support/stores.js';

const stores = await testStores();

/** How often a process is killed while it writes: each time in CI, now and then elsewhere. */
const kills = process.env['CI'] === 'true' ? 50 : 10;

describe('an issuer that is killed while it writes', () => {
  it(`loses nothing that it acknowledged, ${kills} times`, { timeout: 600_000 }, async () => {
    const issuer = await KilledIssuer.create();
    const clients: Acknowledged[] = [];
    try {
      for (let round = 0; round < kills; round++) {
        await issuer.start();
        clients.push(...(await issuer.writeUntilKilled(2 + (round % 4))));
      }
      await issuer.start();
      const call = await issuer.caller();
      const lost: string[] = [];
      for (const { client_id } of clients) {
        if ((await call('GET', `/api/v2/clients/${client_id}`)).status !== 200) lost.push(client_id);
      }
      expect(lost).toEqual([]);
      // Its secret is there too: what is refused is the audience, not the client.
      const [{ client_id, client_secret }] = clients.slice(-1) as [Acknowledged];
      const { error_description } = await issuer.token({ client_id, client_secret, audience: stockAudience });
      expect(error_description).toMatch(/is not authorized to access/);
      const keys = (await call('GET', '/api/v2/keys/signing')).body as { current: boolean; next: boolean }[];
      expect(keys.filter(({ current }) => current)).toHaveLength(1);
      expect(keys.filter(({ next }) => next)).toHaveLength(1);
    } finally {
      await issuer.dispose();
    }
  });
});

describe.each(stores.map((make) => [make === stores[0] ? 'SQLite' : 'PostgreSQL', make] as const))(
  'rotations on %s',
  (_, make) => {
    let store: TestStore;
    let issuer: RunningIssuer;
    beforeAll(async () => {
      store = await make();
      issuer = await RunningIssuer.start({ store });
    });
    afterAll(async () => {
      await issuer.dispose();
      await store.drop();
    });

    it('lose no request of eight clients in twenty rotations', { timeout: 120_000 }, async () => {
      const { keys } = issuer.parts;
      const statuses = new Map<number, number>();
      let rotating = true;
      const clients = Array.from({ length: 8 }, async () => {
        while (rotating) {
          const { status } = await issuer.token('shop', { audience: stockAudience });
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      });
      for (let rotation = 0; rotation < 20; rotation++) await keys.rotate('RS256');
      rotating = false;
      await Promise.all(clients);
      expect([...statuses.keys()]).toEqual([200]);
      expect(statuses.get(200)).toBeGreaterThanOrEqual(8);
    });
  },
);

describe.runIf(stores.length > 1)('two issuers on one PostgreSQL', () => {
  let store: TestStore;
  let one: RunningIssuer;
  let other: RunningIssuer;
  let manage: ManagementCall;

  beforeAll(async () => {
    store = await stores[1]!();
    one = await RunningIssuer.start({ store });
    other = await RunningIssuer.start({ store, beside: one });
    manage = await one.management();
  });
  afterAll(async () => {
    await other.dispose();
    await one.dispose();
    await store.drop();
  });

  const ask = (issuer: RunningIssuer) => issuer.token('shop', { audience: stockAudience });

  it('accept each other’s tokens and see each other’s changes at once', async () => {
    const { body } = await ask(one);
    const keys = createRemoteJWKSet(new URL(`${other.url}.well-known/jwks.json`));
    await expect(jwtVerify(body.access_token, keys)).resolves.toBeDefined();
    const grants = await manage('GET', `api/v2/client-grants?client_id=shop&audience=${stockAudience}`);
    const [{ id }] = grants.body as [{ id: string }];
    await manage('PATCH', `api/v2/client-grants/${id}`, { scope: ['read:stock'] });
    expect([(await ask(one)).body.scope, (await ask(other)).body.scope]).toEqual([
      'read:stock',
      'read:stock',
    ]);
  });

  it('rotate one key set', async () => {
    const rotations = [one, other, one, other].map((issuer) => issuer.parts.keys.rotate('RS256'));
    await Promise.all(rotations);
    const rows = await one.parts.keys.list();
    expect(rows.filter(({ state }) => state === 'current')).toHaveLength(1);
    expect(rows.filter(({ state }) => state === 'next')).toHaveLength(1);
    const kids = async (issuer: RunningIssuer) =>
      (
        (await (await fetch(`${issuer.url}.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }
      ).keys.map(({ kid }) => kid);
    expect(await kids(other)).toEqual(await kids(one));
  });

  it('count one quota', async () => {
    await manage('PATCH', 'api/v2/clients/shop', { token_quota: { client_credentials: { per_day: 5 } } });
    const answers = await Promise.all([one, other, one, other, one, other, one, other].map(ask));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  });
});

describe('keys at rest', () => {
  const key = () => randomBytes(32).toString('base64url');
  let issuer: RunningIssuer;
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'keys-'))));
  afterEach(async () => {
    await issuer.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const stored = async () => (await issuer.parts.keys.list()).map(({ jwk }) => jwk);
  const status = async () => (await issuer.token('shop', { audience: stockAudience })).status;

  it('are sealed when a key is given, and sealed anew when it is rotated', { timeout: 60_000 }, async () => {
    issuer = await RunningIssuer.start();
    expect((await stored()).every((jwk) => jwk.includes('"d"'))).toBe(true);
    const [first, second] = [key(), key()];
    await issuer.reboot({ ISSUER_KEY_ENCRYPTION_KEY: first });
    const sealed = await stored();
    expect(sealed.every((jwk) => jwk.startsWith('A256GCM.'))).toBe(true);
    expect(await status()).toBe(200);
    await issuer.parts.keys.rotate('RS256');

    const file = join(folder, 'keys');
    writeFileSync(file, `${second}\n${first}\n`);
    await issuer.reboot({ ISSUER_KEY_ENCRYPTION_KEY_FILE: file });
    expect((await stored()).filter((jwk) => sealed.includes(jwk))).toEqual([]);
    await issuer.reboot({ ISSUER_KEY_ENCRYPTION_KEY: second });
    expect(await status()).toBe(200);
    for (const file of readdirSync(issuer.dataDir).filter((name) => name.startsWith('issuer.db')))
      expect(readFileSync(join(issuer.dataDir, file)).includes('"d":"')).toBe(false);
  });

  it('cannot be opened without their key: the issuer does not start, and says which one is missing', async () => {
    issuer = await RunningIssuer.start({ env: { ISSUER_KEY_ENCRYPTION_KEY: key() } });
    await issuer.stop();
    const wrong: Record<string, string>[] = [{}, { ISSUER_KEY_ENCRYPTION_KEY: key() }];
    for (const env of wrong) {
      await expect(issuer.boot(env)).rejects.toMatchObject({ code: 'key_unknown' });
    }
    await issuer.boot();
    expect(await status()).toBe(200);
  });
});
