import { describe, expect, it } from 'vitest';
import { SubjectToken } from './subject-token.js';
import { tokenKey } from './token-request.js';

const audience = 'https://inventory.example';

describe('the key of a token', () => {
  it('does not depend on the order of the scopes or on repeats', () => {
    const one = tokenKey({ audience, scopes: ['b', 'a', 'b'] });
    expect(tokenKey({ audience, scopes: ['a', 'b'] })).toBe(one);
    expect(tokenKey({ audience, scopes: ['a'] })).not.toBe(one);
  });

  it('tells apart what the token is bound to and on whose behalf it is', () => {
    const subject = new SubjectToken('token-of-ada');
    const keys = [
      tokenKey({ audience }),
      tokenKey({ audience, confirmation: 'thumb' }),
      tokenKey({ audience, confirmation: 'other' }),
      tokenKey({ audience, subject }),
      tokenKey({ audience, subject: new SubjectToken('token-of-bob') }),
      tokenKey({ audience, confirmation: 'thumb', subject }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.join()).not.toContain('token-of');
  });
});
