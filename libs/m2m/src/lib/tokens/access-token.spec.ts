import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { leaksIn } from '../../../test/support/leaks.js';
import { AccessToken } from './access-token.js';

const value = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
const token = new AccessToken({ value, scheme: 'Bearer', audience: 'a', scopes: ['b', 'a'], expiresAt: 0 });

describe('an access token', () => {
  it('has its text in value and in the header alone', () => {
    expect([token.value, token.authorization]).toEqual([value, `Bearer ${value}`]);
  });

  it.each([
    ['String', String(token)],
    ['a template', `${token as unknown as string}`],
    ['JSON', JSON.stringify({ token })],
    ['inspect', inspect(token, { showHidden: true, depth: 9 })],
    ['its own keys', Object.entries(token).join()],
    ['a spread', JSON.stringify({ ...token })],
  ])('%s shows a fingerprint only', (_name, text) => {
    expect(leaksIn(text, [value])).toEqual([]);
    expect(text).toContain(token.fingerprint);
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(token, { audience: 'b' })).toThrow(TypeError);
    expect(token.scopes).toEqual(['a', 'b']);
  });
});
