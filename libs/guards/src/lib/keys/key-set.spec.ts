import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { faults, json, KeyServer } from '../../../test/support/core/key-server.js';
import { Signer } from '../../../test/support/core/signer.js';
import { AuthError } from '../errors/auth-error.js';
import type { KeySetEvent } from './key-set-event.js';
import type { KeySetTuning } from './key-set-limits.js';
import { KeySet } from './key-set.js';

const first = Signer.create('ES256', 'first');
const second = Signer.create('ES256', 'second');
const published = (...signers: Signer[]) => signers.map((signer) => signer.publicJwk);

let server: KeyServer;
let now: number;
let events: KeySetEvent[];
const open: KeySet[] = [];

beforeEach(async () => {
  server = await KeyServer.start(published(first));
  now = 1_900_000_000_000;
  events = [];
});

afterEach(async () => {
  vi.useRealTimers();
  for (const keys of open.splice(0)) keys.close();
  await server.stop();
});

function keySet(tuning: KeySetTuning = {}, jwksUri: string | undefined = server.jwksUri): KeySet {
  const keys = new KeySet({
    issuer: server.issuer,
    jwksUri,
    tuning: { timeoutMs: 1_000, ...tuning },
    clock: () => now,
    onEvent: (event) => events.push(event),
  });
  open.push(keys);
  return keys;
}

const pass = (seconds: number): void => void (now += seconds * 1_000);

async function refusal(attempt: Promise<unknown>): Promise<AuthError> {
  const outcome: unknown = await attempt.then(
    () => 'accepted',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AuthError);
  return outcome as AuthError;
}

describe('KeySet', () => {
  it('fetches the set once, however many ask at the same time', async () => {
    const keys = keySet();
    const found = await Promise.all(Array.from({ length: 200 }, () => keys.keysFor('first', 'ES256')));
    expect(server.fetches).toBe(1);
    expect(new Set(found.map(([key]) => key)).size).toBe(1);
    expect(keys.known('first', 'ES256')).toBeDefined();
    expect(keys.status()).toEqual({
      issuer: server.issuer,
      usable: true,
      keys: 1,
      ageSeconds: 0,
      lastError: undefined,
    });
  });

  it('asks for nothing before it is needed', async () => {
    const keys = keySet();
    expect(keys.known('first', 'ES256')).toBeUndefined();
    expect(keys.status()).toMatchObject({ usable: false, keys: 0, ageSeconds: undefined });
    expect(server.requests).toEqual([]);
  });

  describe('from cold, with an issuer that fails', () => {
    it.each(Object.entries(faults))(
      'says keys_unavailable on %s, and recovers by itself',
      async (_what, fault) => {
        const keys = keySet({ maxBytes: 100_000 });
        server.fault = fault;
        const startedAt = Date.now();
        const error = await refusal(keys.keysFor('first', 'ES256'));
        expect(Date.now() - startedAt).toBeLessThan(2_500);
        expect(error).toMatchObject({
          code: 'keys_unavailable',
          status: 503,
          error: 'temporarily_unavailable',
        });
        expect(error.retryAfter).toBeGreaterThanOrEqual(1);
        expect(keys.status()).toMatchObject({ usable: false, lastError: expect.any(String) as string });
        expect(events).toMatchObject([{ type: 'failed', usable: false }]);

        server.fault = undefined;
        pass(2);
        await expect(keys.keysFor('first', 'ES256')).resolves.toHaveLength(1);
        expect(keys.status()).toMatchObject({ usable: true, lastError: undefined });
      },
    );

    it('leaves the issuer alone between two attempts', async () => {
      const keys = keySet();
      server.fault = faults['status 500'];
      for (let request = 0; request < 50; request++) await refusal(keys.keysFor('first', 'ES256'));
      expect(server.fetches).toBe(1);
    });

    it('waits longer after each failure, up to the cooldown', async () => {
      const keys = keySet({ cooldownSeconds: 10 });
      server.fault = faults['status 500'];
      for (let attempt = 0; attempt < 6; attempt++) {
        await refusal(keys.keysFor('first', 'ES256'));
        pass(12);
      }
      const waits = events.map((event) =>
        event.type === 'failed' ? Math.round(event.retryInMs / 1_000) : -1,
      );
      expect(waits.slice(0, 3)).toEqual([1, 2, 4]);
      expect(waits.slice(4).every((wait) => wait >= 9 && wait <= 11)).toBe(true);
    });

    it('tries again without being asked', async () => {
      const keys = keySet();
      server.fault = faults['status 500'];
      await keys.prefetch();
      server.fault = undefined;
      await vi.waitFor(() => expect(keys.status().usable).toBe(true), { timeout: 3_000 });
    });

    it('bounds how many requests wait', async () => {
      const keys = keySet({ maxWaiting: 3 });
      server.fault = faults['a hung connection'];
      const attempts = Array.from({ length: 10 }, () => refusal(keys.keysFor('first', 'ES256')));
      const startedAt = Date.now();
      await Promise.all(attempts.slice(3));
      expect(Date.now() - startedAt).toBeLessThan(600);
      expect((await Promise.all(attempts)).every(({ code }) => code === 'keys_unavailable')).toBe(true);
    });

    it.each([
      ['a redirect', /answered 302$/],
      ['a huge body', /more than 100000 bytes$/],
      ['a hung connection', /within 1000 ms$/],
      ['a body that drips', /within 1000 ms$/],
      ['an empty set', /no usable signing key$/],
      ['too many keys', /more than 100 keys$/],
      ['HTML', /no valid JSON object$/],
    ] as const)('gives up on %s for that very reason', async (what, reason) => {
      const keys = keySet({ maxBytes: 100_000 });
      server.fault = faults[what];
      await refusal(keys.keysFor('first', 'ES256'));
      expect(keys.status().lastError).toMatch(reason);
      expect(keys.status().lastError).toContain(server.jwksUri);
      expect(server.requests).toEqual(['/jwks']);
    });

    it('says so when nothing listens there', async () => {
      const keys = keySet({}, 'http://127.0.0.1:1/jwks');
      expect(await refusal(keys.keysFor('first', 'ES256'))).toMatchObject({ code: 'keys_unavailable' });
    });
  });

  describe('once warm, with an issuer that fails', () => {
    it.each(Object.entries(faults))('goes on with the last known keys on %s', async (_what, fault) => {
      const keys = keySet({ maxBytes: 100_000 });
      await keys.prefetch();
      const before = keys.known('first', 'ES256');
      server.fault = fault;
      expect(await refusal(keys.reload())).toMatchObject({ code: 'keys_unavailable' });
      expect(keys.known('first', 'ES256')).toEqual(before);
      expect(before?.[0]?.trustedUntil).toBeGreaterThan(now);
      expect(keys.status()).toMatchObject({ usable: true, lastError: expect.any(String) as string });
      expect(events.at(-1)).toMatchObject({ type: 'failed', usable: true });
    });

    it('never lets a known key wait for a hung issuer', async () => {
      const keys = keySet();
      await keys.prefetch();
      server.fault = faults['a hung connection'];
      const miss = refusal(keys.keysFor('other', 'ES256'));
      expect(keys.known('first', 'ES256')).toBeDefined();
      await expect(keys.keysFor('first', 'ES256')).resolves.toHaveLength(1);
      expect(await miss).toMatchObject({ code: 'key_unknown' });
    });

    it('gives the last known keys up after the bound', async () => {
      const keys = keySet({ maxStaleSeconds: 3_600 });
      await keys.prefetch();
      const [key] = keys.known('first', 'ES256') ?? [];
      server.fault = faults['status 500'];
      pass(3_599);
      expect(keys.known('first', 'ES256')).toBeDefined();
      pass(1);
      expect(keys.known('first', 'ES256')).toBeUndefined();
      expect(key?.trustedUntil).toBe(now);
      expect(await refusal(keys.keysFor('first', 'ES256'))).toMatchObject({ code: 'keys_unavailable' });
      expect(keys.status()).toMatchObject({ usable: false, keys: 0 });
    });
  });

  describe('rotation', () => {
    it('finds a new key on the first token that names it', async () => {
      const keys = keySet();
      await keys.prefetch();
      server.keys = published(first, second);
      await expect(keys.keysFor('second', 'ES256')).resolves.toMatchObject([{ kid: 'second' }]);
      expect(events.at(-1)).toMatchObject({ type: 'refreshed', keys: 2, added: 1, removed: 0 });
    });

    it('keeps a key that stays, as the same object', async () => {
      const keys = keySet();
      const [before] = await keys.keysFor('first', 'ES256');
      server.keys = published(second, first);
      pass(60);
      await keys.reload();
      expect(keys.known('first', 'ES256')?.[0]).toBe(before);
      expect(before?.trustedUntil).toBe(now + 86_400_000);
    });

    it('stops trusting a key that is gone, at once', async () => {
      const keys = keySet();
      const [before] = await keys.keysFor('first', 'ES256');
      server.keys = published(second);
      await keys.reload();
      expect(before?.trustedUntil).toBe(0);
      expect(keys.known('first', 'ES256')).toBeUndefined();
      expect(await refusal(keys.keysFor('first', 'ES256'))).toMatchObject({ code: 'key_unknown' });
      expect(events[1]).toMatchObject({ type: 'refreshed', keys: 1, added: 1, removed: 1 });
    });

    it('stops trusting a key whose material changed under its kid', async () => {
      const keys = keySet();
      const [before] = await keys.keysFor('first', 'ES256');
      server.keys = [{ ...second.publicJwk, kid: 'first' }];
      await keys.reload();
      expect(before?.trustedUntil).toBe(0);
      expect(keys.known('first', 'ES256')?.[0]).not.toBe(before);
    });

    it('refreshes ahead of need', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const keys = keySet({ refreshSeconds: 600, timeoutMs: 30_000 });
      await keys.prefetch();
      await vi.advanceTimersByTimeAsync(539_000);
      expect(server.fetches).toBe(1);
      await vi.advanceTimersToNextTimerAsync();
      vi.useRealTimers();
      await vi.waitFor(() => expect(events).toHaveLength(2));
      expect(server.fetches).toBe(2);
      expect(events[1]).toMatchObject({ type: 'refreshed', added: 0, removed: 0 });
    });

    it('has both keys of one kid', async () => {
      server.keys = [first.publicJwk, { ...second.publicJwk, kid: 'first' }];
      await expect(keySet().keysFor('first', 'ES256')).resolves.toHaveLength(2);
    });
  });

  describe('a kid that is not in the set', () => {
    it('causes one fetch in a cooldown, however many tokens name it', async () => {
      const keys = keySet({ cooldownSeconds: 30 });
      await keys.prefetch();
      for (let round = 0; round < 4; round++) {
        const errors = await Promise.all(
          Array.from({ length: 50 }, (_, index) => refusal(keys.keysFor(`bogus-${round}-${index}`, 'ES256'))),
        );
        expect(errors.every(({ code }) => code === 'key_unknown')).toBe(true);
      }
      expect(server.fetches).toBe(2);
      expect(keys.known('first', 'ES256')).toBeDefined();

      pass(31);
      await refusal(keys.keysFor('bogus', 'ES256'));
      expect(server.fetches).toBe(3);
    });

    it('does not keep a real new key out for longer than the cooldown', async () => {
      const keys = keySet({ cooldownSeconds: 30 });
      await keys.prefetch();
      await refusal(keys.keysFor('bogus', 'ES256'));
      server.keys = published(first, second);
      expect(await refusal(keys.keysFor('second', 'ES256'))).toMatchObject({ code: 'key_unknown' });
      pass(30);
      await expect(keys.keysFor('second', 'ES256')).resolves.toHaveLength(1);
    });

    it('causes no fetch where the kid is there but for another algorithm', async () => {
      const keys = keySet();
      await keys.prefetch();
      expect(await refusal(keys.keysFor('first', 'RS256'))).toMatchObject({ code: 'alg_not_allowed' });
      expect(server.fetches).toBe(1);
    });

    it('causes no fetch while the issuer is left alone after a failure', async () => {
      const keys = keySet();
      await keys.prefetch();
      server.fault = faults['status 500'];
      await refusal(keys.reload());
      for (let request = 0; request < 20; request++) await refusal(keys.keysFor(`bogus-${request}`, 'ES256'));
      expect(server.fetches).toBe(2);
    });
  });

  describe('a header without kid', () => {
    it('is served where exactly one key fits', async () => {
      server.keys = [first.publicJwk, Signer.create('EdDSA', 'ed').publicJwk];
      await expect(keySet().keysFor(undefined, 'ES256')).resolves.toMatchObject([{ kid: 'first' }]);
    });

    it('is refused where several fit', async () => {
      server.keys = published(first, second);
      expect(await refusal(keySet().keysFor(undefined, 'ES256'))).toMatchObject({
        code: 'key_unknown',
        reason: 'ambiguous',
      });
    });
  });

  describe('discovery', () => {
    const OPENID = '/.well-known/openid-configuration';
    const OAUTH = '/.well-known/oauth-authorization-server';
    const metadata = (changes: object = {}) =>
      json({ issuer: server.issuer, jwks_uri: server.jwksUri, ...changes });
    const discovering = () =>
      new KeySet({
        issuer: server.issuer,
        tuning: { timeoutMs: 1_000 },
        clock: () => now,
        onEvent: (e) => events.push(e),
      });

    it('reads the metadata of OpenID Connect', async () => {
      server.documents.set(OPENID, metadata());
      await expect(discovering().keysFor('first', 'ES256')).resolves.toHaveLength(1);
      expect(server.requests).toEqual([OPENID, '/jwks']);
    });

    it('reads the metadata of RFC 8414 where there is none of OpenID Connect', async () => {
      server.documents.set(OAUTH, metadata());
      await expect(discovering().keysFor('first', 'ES256')).resolves.toHaveLength(1);
      expect(server.requests).toEqual([OPENID, OAUTH, '/jwks']);
    });

    it('puts the path of an issuer where each standard wants it', async () => {
      const issuer = `${server.origin}/tenants/a`;
      const at = '/.well-known/oauth-authorization-server/tenants/a';
      server.documents.set(at, json({ issuer, jwks_uri: server.jwksUri }));
      const keys = new KeySet({ issuer });
      await expect(keys.keysFor('first', 'ES256')).resolves.toHaveLength(1);
      expect(server.requests).toEqual([`/tenants/a${OPENID}`, at, '/jwks']);
      keys.close();
    });

    it.each([
      ['is of another issuer', { issuer: 'https://evil.example/' }],
      ['lacks the slash of the issuer', { issuer: '' }],
      ['names no issuer', { issuer: undefined }],
      ['names no keys', { jwks_uri: undefined }],
      ['names keys that are no URL', { jwks_uri: '/jwks' }],
      ['names keys over http on another machine', { jwks_uri: 'http://keys.example/jwks' }],
      ['names keys in a file', { jwks_uri: 'file:///etc/passwd' }],
      ['names keys with a password', { jwks_uri: 'https://u:p@keys.example/jwks' }],
    ])('refuses metadata that %s', async (_what, changes) => {
      server.documents.set(OPENID, metadata(changes));
      expect(await refusal(discovering().keysFor('first', 'ES256'))).toMatchObject({
        code: 'keys_unavailable',
      });
      expect(server.fetches).toBe(0);
    });

    it('looks the address up again after a failure', async () => {
      server.documents.set(OPENID, metadata({ jwks_uri: `${server.origin}/gone` }));
      const keys = discovering();
      await refusal(keys.keysFor('first', 'ES256'));
      server.documents.set(OPENID, metadata());
      pass(2);
      await expect(keys.keysFor('first', 'ES256')).resolves.toHaveLength(1);
      keys.close();
    });
  });

  describe('close', () => {
    it('ends a fetch under way and plans none', async () => {
      const keys = keySet({ timeoutMs: 5_000 });
      server.fault = faults['a hung connection'];
      const attempt = refusal(keys.keysFor('first', 'ES256'));
      await vi.waitFor(() => expect(server.fetches).toBe(1));
      keys.close();
      expect(await attempt).toMatchObject({ code: 'keys_unavailable' });
      await keys.prefetch();
      expect(server.fetches).toBe(1);
      expect(events).toEqual([]);
    });
  });

  it('is not disturbed by a listener that throws', async () => {
    const keys = new KeySet({
      issuer: server.issuer,
      jwksUri: server.jwksUri,
      onEvent: () => {
        throw new Error('listener');
      },
    });
    await expect(keys.keysFor('first', 'ES256')).resolves.toHaveLength(1);
    keys.close();
  });
});
