import { beforeEach, describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limit.js';

describe('RateLimit', () => {
  let now: number;
  let limit: RateLimit;
  beforeEach(() => {
    now = 0;
    limit = new RateLimit(2, () => now);
  });
  const take = (address: string, client: string) => limit.take(address, client).retryAfter;

  it('lets a client ask as often as the limit says, and again when time has passed', () => {
    expect([take('a', 'shop'), take('a', 'shop'), take('a', 'shop')]).toEqual([0, 0, 1]);
    now = 500;
    expect([take('a', 'shop'), take('a', 'shop')]).toEqual([0, 1]);
  });

  it('counts each client and each address by itself', () => {
    take('a', 'shop');
    take('a', 'shop');
    expect([take('a', 'sales'), take('b', 'shop'), take('a', 'shop')]).toEqual([0, 0, 1]);
  });

  it('limits an address that claims to be ever another client', () => {
    const answers = Array.from({ length: 25 }, (_, index) => take('a', `client-${index}`));
    expect(answers.filter((retryAfter) => retryAfter === 0)).toHaveLength(20);
    expect(take('b', 'shop')).toBe(0);
  });
});
