import { describe, expect, it } from 'vitest';
import { parseCompact } from '../verifier/compact.js';
import { HeaderCache } from './header-cache.js';

const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenWith = (header: object) => `${segment(header)}.${segment({ sub: 'one' })}.c2lnbmF0dXJl`;
const parse = (token: string, headers: HeaderCache) => parseCompact(token, 1_000, headers).header;

describe('HeaderCache', () => {
  it('reads the header of a key once', () => {
    const headers = new HeaderCache();
    const token = tokenWith({ alg: 'RS256', kid: 'one' });
    const first = parse(token, headers);
    expect(parse(token, headers)).not.toBe(first);
    headers.keep(token, first);
    expect(parse(`${token.slice(0, token.lastIndexOf('.'))}.YW5vdGhlcg`, headers)).toBe(first);
    expect(parse(tokenWith({ alg: 'RS256', kid: 'two' }), headers)).toEqual({ alg: 'RS256', kid: 'two' });
  });

  it('keeps what no holder of a token can change', () => {
    const headers = new HeaderCache();
    const plain = tokenWith({ alg: 'RS256' });
    headers.keep(plain, parse(plain, headers));
    expect(Object.isFrozen(parse(plain, headers))).toBe(true);
    const nested = tokenWith({ alg: 'RS256', crit: [] });
    headers.keep(nested, parse(nested, headers));
    expect(parse(nested, headers)).not.toBe(parse(nested, headers));
  });

  it('is bounded', () => {
    const headers = new HeaderCache();
    const tokens = Array.from({ length: 100 }, (_unused, kid) => tokenWith({ alg: 'RS256', kid }));
    for (const token of tokens) headers.keep(token, parse(token, headers));
    const kept = tokens.filter((token) => headers.get(token.slice(0, token.indexOf('.'))) !== undefined);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(32);
  });
});
