import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.js';
import { openToken, type SealedToken, sealToken } from './sealed-token.js';
import type { UnreadableEntryError } from './token-store.js';

const keys = { a: randomBytes(32).toString('base64'), b: randomBytes(32).toString('base64') };
const ring = KeyRing.parse(`a:${keys.a},b:${keys.b}`);
const name = 'countersign:m2m:{key}:token';
const token: SealedToken = {
  value: `tok.${randomBytes(24).toString('hex')}`,
  scheme: 'Bearer',
  scopes: ['read:stock'],
  lifetime: 3_600,
  credential: 'c',
  endsAt: Date.UTC(2026, 0, 1),
};

const reasonOf = (text: string, at = name, by = ring): string => {
  try {
    openToken(text, at, by);
    return 'opened';
  } catch (error) {
    return (error as UnreadableEntryError).reason;
  }
};

/** Seals any text as `sealToken` seals a token. */
function sealText(text: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(keys.a, 'base64'), iv);
  cipher.setAAD(Buffer.from(JSON.stringify(['v1', 'a', name])));
  const bytes = [iv, cipher.update(text), cipher.final(), cipher.getAuthTag()];
  return `v1.a.${Buffer.concat(bytes).toString('base64url')}`;
}

describe('a sealed token', () => {
  it('opens as what it was', () => {
    expect(openToken(sealToken(token, name, ring), name, ring)).toEqual(token);
  });

  it('shows nothing of the token, and differs each time', () => {
    const [one, two] = [sealToken(token, name, ring), sealToken(token, name, ring)];
    expect(one).not.toBe(two);
    expect(Buffer.from(one.split('.')[2] ?? '', 'base64url').includes(token.value)).toBe(false);
  });

  it('opens with an older key of the ring, until that key is taken out', () => {
    const old = sealToken(token, name, KeyRing.parse(`b:${keys.b}`));
    expect(reasonOf(old)).toBe('opened');
    expect(reasonOf(old, name, KeyRing.parse(`a:${keys.a}`))).toBe('key_unknown');
  });

  it('opens under its own name alone', () => {
    expect(reasonOf(sealToken(token, name, ring), 'countersign:m2m:{other}:token')).toBe('not_authentic');
  });

  it('does not open with another key of the same id', () => {
    const other = KeyRing.parse(`a:${randomBytes(32).toString('base64')}`);
    expect(reasonOf(sealToken(token, name, other))).toBe('not_authentic');
  });

  it('does not open under the id of another key', () => {
    expect(reasonOf(sealToken(token, name, ring).replace('v1.a.', 'v1.b.'))).toBe('not_authentic');
  });

  it('does not open with any byte changed or taken away', () => {
    const [version, id, encoded = ''] = sealToken(token, name, ring).split('.');
    const bytes = Buffer.from(encoded, 'base64url');
    const seal = (part: Buffer) => [version, id, part.toString('base64url')].join('.');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] as number) ^ 1;
      expect(reasonOf(seal(changed))).toBe('not_authentic');
    }
    expect(reasonOf(seal(bytes.subarray(0, -1)))).toBe('not_authentic');
    expect(reasonOf(seal(bytes))).toBe('opened');
  });

  it.each([
    ['empty', ''],
    ['other text', 'hello'],
    ['another version', sealToken(token, name, ring).replace('v1', 'v2')],
    ['a token in clear', JSON.stringify(token)],
    ['too short for a nonce and a tag', 'v1.a.AAAA'],
    ['too long', `v1.a.${'A'.repeat(70_000)}`],
    ['sealed text that is no JSON', sealText('hello')],
    ['a sealed token of another scheme', sealText(JSON.stringify({ ...token, scheme: 'DPoP' }))],
    ['a sealed token with a line break', sealText(JSON.stringify({ ...token, value: 'a\r\nb: c' }))],
    ['a sealed token that never ends', sealText(JSON.stringify({ ...token, lifetime: null }))],
  ])('%s is malformed', (_what, text) => {
    expect(reasonOf(text)).toBe('malformed');
  });
});
