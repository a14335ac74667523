import { describe, expect, it } from 'vitest';
import { bearerChallenge } from './challenge.js';

describe('bearerChallenge', () => {
  it.each(['Bearer', 'DPoP'])('reads error and scope of a %s challenge', (scheme) => {
    const header = `${scheme} realm="a \\"quoted\\" one", error="insufficient_scope", scope = "read:stock write:stock"`;
    expect(bearerChallenge(header)).toEqual({
      error: 'insufficient_scope',
      scope: 'read:stock write:stock',
    });
  });

  it('reads a parameter by its whole name', () => {
    expect(bearerChallenge('Bearer xerror="invalid_token"')).toEqual({});
    expect(bearerChallenge('Bearer error=invalid_token, error="insufficient_scope"')).toEqual({
      error: 'invalid_token',
    });
  });

  it.each([
    ['no challenge', undefined],
    ['another scheme', 'Basic error="invalid_token"'],
    ['a name without end', `Bearer ${'a'.repeat(8_000)}`],
    ['more than is read', `Bearer error="invalid_token", realm="${'a'.repeat(8_192)}"`],
  ])('reads nothing of %s', (_what, header) => {
    expect(bearerChallenge(header)).toEqual({});
  });
});
