import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyRing, keyRingProblems } from './key-ring.js';

const key = (encoding: BufferEncoding = 'base64') => randomBytes(32).toString(encoding);

describe('a key ring', () => {
  it('encrypts with its first key and decrypts with all', () => {
    const ring = KeyRing.parse(`new:${key()}, old:${key('base64url')}`);
    expect(ring.current[0]).toBe('new');
    expect([ring.find('new'), ring.find('old')].every((found) => found?.symmetricKeySize === 32)).toBe(true);
    expect(ring.find('other')).toBeUndefined();
  });

  const entry = 'entry 1 must be id:key, with a key of 32 random bytes in base64';
  it.each([
    ['nothing', '', entry],
    ['no id', key(), entry],
    ['an empty id', `:${key()}`, entry],
    ['an id with other characters', `a.b:${key()}`, entry],
    ['a short key', `a:${randomBytes(16).toString('base64')}`, entry],
    ['a long key', `a:${randomBytes(33).toString('base64')}`, entry],
    ['a password', 'a:correct horse battery staple', entry],
    ['zeros', `a:${Buffer.alloc(32).toString('base64')}`, entry],
    ['an id twice', `a:${key()},a:${key()}`, 'names an id twice'],
    [
      'a second entry that is none',
      `a:${key()},`,
      'entry 2 must be id:key, with a key of 32 random bytes in base64',
    ],
  ])('is refused with %s', (_name, text, problem) => {
    expect(keyRingProblems(text)).toEqual([problem]);
    expect(() => KeyRing.parse(text)).toThrow(expect.objectContaining({ code: 'options_invalid' }));
  });

  it('says nothing of a wrong key', () => {
    const secret = randomBytes(31).toString('base64');
    expect(() => KeyRing.parse(`a:${secret}`)).toThrow(expect.not.stringContaining(secret.slice(0, 8)));
  });
});
