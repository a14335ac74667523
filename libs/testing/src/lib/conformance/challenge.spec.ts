import { describe, expect, it } from 'vitest';
import { parseBearerChallenge } from './challenge.js';

describe('parseBearerChallenge', () => {
  it.each([
    ['Bearer', {}],
    ['Bearer realm="orders"', { realm: 'orders' }],
    [
      'Bearer error="invalid_token", error_description="It says \\"no\\"", scope="a b"',
      { error: 'invalid_token', error_description: 'It says "no"', scope: 'a b' },
    ],
    ['bearer error=invalid_token', { error: 'invalid_token' }],
  ])('reads %s', (line, parameters) => {
    expect(parseBearerChallenge(['Basic realm="x"', line])).toEqual(parameters);
  });

  it.each([
    'Basic realm="x"',
    'Bearer error',
    'Bearer error="invalid_token',
    'Bearer error="a" scope="b"',
    'Bearer error="a", error="b"',
    'Bearers error="a"',
  ])('takes %s for no Bearer challenge', (line) => {
    expect(parseBearerChallenge([line])).toBeUndefined();
    expect(parseBearerChallenge(['Bearer'])).toEqual({});
  });
});
