import { describe, expect, it } from 'vitest';
import type { VerifiedToken } from '../verifier/verified-token.js';
import { MemoryDenylist } from './memory-denylist.js';

const token = (clientId: string, tokenId?: string, issuer = 'https://a.example/') =>
  ({ clientId, tokenId, issuer }) as VerifiedToken;

describe('MemoryDenylist', () => {
  it('denies a token by its id, until it cannot be accepted any more', () => {
    let now = 1_000_000;
    const list = new MemoryDenylist(() => now);
    list.denyToken('bad', 1_060);
    expect(list.denies(token('a', 'bad'))).toBe(true);
    expect(list.denies(token('a', 'good'))).toBe(false);
    expect(list.denies(token('a'))).toBe(false);
    now = 1_119_999;
    expect(list.denies(token('a', 'bad'))).toBe(true);
    now = 1_120_000;
    expect(list.denies(token('a', 'bad'))).toBe(false);
  });

  it('denies a client, for a time or until it is allowed again', () => {
    let now = 0;
    const list = new MemoryDenylist(() => now);
    list.denyClient('a');
    list.denyClient('b', 60);
    expect([list.denies(token('a')), list.denies(token('b')), list.denies(token('c'))]).toEqual([
      true,
      true,
      false,
    ]);
    now = 60_000;
    expect([list.denies(token('a')), list.denies(token('b'))]).toEqual([true, false]);
    list.allowClient('a');
    expect(list.denies(token('a'))).toBe(false);
  });

  it('denies a client of one issuer, and not its namesake at another', () => {
    let now = 0;
    const list = new MemoryDenylist(() => now);
    const issuer = 'https://a.example/';
    const denied = () => [issuer, 'https://b.example/'].map((of) => list.denies(token('a', undefined, of)));
    list.denyClient('a', { issuer, until: 60 });
    expect(denied()).toEqual([true, false]);
    expect(list.size).toBe(1);
    list.allowClient('a');
    expect(denied()).toEqual([true, false]);
    now = 60_000;
    expect(denied()).toEqual([false, false]);
    list.denyClient('a', { issuer });
    expect(denied()).toEqual([true, false]);
    list.allowClient('a', { issuer });
    expect(denied()).toEqual([false, false]);
    list.denyClient('a');
    expect(denied()).toEqual([true, true]);
  });

  it('forgets what is over', () => {
    let now = 1_000_000;
    const list = new MemoryDenylist(() => now);
    for (let index = 0; index < 100; index++) list.denyToken(`${index}`, 1_010);
    expect(list.size).toBe(100);
    now += 200_000;
    list.denyToken('new', 2_000);
    expect(list.size).toBe(1);
  });
});
