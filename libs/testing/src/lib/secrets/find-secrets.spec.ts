import { describe, expect, it } from 'vitest';
import { findSecrets } from './find-secrets.js';

const secret = 'correct/horse+battery"staple';

describe('findSecrets', () => {
  it('finds nothing in a clean text', () => {
    expect(findSecrets('{"level":30,"msg":"token obtained","sha256":"ab12"}', { secret })).toEqual([]);
  });

  it.each([
    ['plain', secret],
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64url', Buffer.from('??>>??>>').toString('base64url')],
    ['hex', Buffer.from(secret).toString('hex')],
    ['percent-encoded', encodeURIComponent(secret)],
    ['json', JSON.stringify({ secret })],
  ] as const)('finds the %s form', (form, spelling) => {
    const text = `before ${spelling} after`;
    const known = form === 'base64url' ? '??>>??>>' : secret;

    expect(findSecrets(text, { known })).toContainEqual(expect.objectContaining({ secret: 'known', form }));
  });

  it.each([
    ['signed JWT', `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0abc.${'a'.repeat(40)}`],
    ['private key', ['-----BEGIN', 'PRIVATE KEY-----'].join(' ')],
    ['private JWK', `{"d":"${'a'.repeat(43)}"}`],
    ['authorization header', `authorization: Basic ${'YWJj'.repeat(8)}`],
  ])('recognises a %s without being told', (kind, text) => {
    expect(findSecrets(text)).toContainEqual({
      secret: kind,
      form: 'pattern',
      index: expect.any(Number) as number,
    });
  });

  it('does not repeat the secret', () => {
    expect(JSON.stringify(findSecrets(secret, { secret }))).not.toContain('horse');
  });

  it('refuses a secret so short that it would match by accident', () => {
    expect(() => findSecrets('text', ['abc'])).toThrow(RangeError);
  });
});
