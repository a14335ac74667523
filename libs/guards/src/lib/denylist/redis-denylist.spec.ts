import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { testRedis } from '../../../test/support/core/redis.js';
import type { VerifiedToken } from '../verifier/verified-token.js';
import { RedisDenylist } from './redis-denylist.js';

const redis = await testRedis();
const token = (clientId: string, tokenId?: string) => ({ clientId, tokenId }) as VerifiedToken;
const later = Math.floor(Date.now() / 1_000) + 600;

describe.skipIf(!redis)('RedisDenylist', () => {
  const client = redis!.client;
  const prefix = `countersign-test:${randomUUID()}:`;
  const open: RedisDenylist[] = [];

  async function started(): Promise<RedisDenylist> {
    const list = new RedisDenylist(client, prefix);
    open.push(list);
    await list.start();
    return list;
  }

  afterEach(async () => {
    for (const list of open.splice(0)) list.close();
    await client.del(`${prefix}tokens`, `${prefix}clients`);
  });

  afterAll(() => redis?.stop());

  it('takes effect on every instance at once', async () => {
    const [here, there] = [await started(), await started()];
    expect(there.denies(token('a', 'one'))).toBe(false);
    await here.denyToken('one', later);
    await here.denyClient('b');
    expect([here.denies(token('a', 'one')), here.denies(token('b'))]).toEqual([true, true]);
    await vi.waitFor(() =>
      expect([there.denies(token('a', 'one')), there.denies(token('b'))]).toEqual([true, true]),
    );
    expect(there.denies(token('a', 'two'))).toBe(false);
    await there.allowClient('b');
    await vi.waitFor(() => expect(here.denies(token('b'))).toBe(false));
  });

  it('knows what was denied before it started', async () => {
    const before = await started();
    await before.denyToken('one', later);
    await before.denyClient('b', later);
    await before.denyClient('c');
    const list = await started();
    expect(['one', 'two'].map((id) => list.denies(token('a', id)))).toEqual([true, false]);
    expect(['b', 'c', 'd'].map((id) => list.denies(token(id)))).toEqual([true, true, false]);
  });

  it('keeps no entry of a token that has long expired', async () => {
    const list = await started();
    await list.denyToken('old', 1_000);
    await list.denyToken('new', later);
    expect(await client.zrange(`${prefix}tokens`, 0, -1)).toEqual(['new']);
  });

  it('is not disturbed by junk on its channel', async () => {
    const list = await started();
    for (const junk of ['', '{', '[]', '["tokens",1,2]', '["other","a",1]', 'null']) {
      await client.publish(`${prefix}changes`, junk);
    }
    await list.denyClient('b');
    expect([list.denies(token('a')), list.denies(token('b'))]).toEqual([false, true]);
  });
});

describe('RedisDenylist that was not loaded', () => {
  it('denies every token', () => {
    const list = new RedisDenylist({} as never);
    expect(list.denies(token('a', 'one'))).toBe(true);
  });
});
