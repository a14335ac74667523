import { describe, expect, it } from 'vitest';
import { findChallenge, parseChallenges } from './challenge.js';

describe('findChallenge', () => {
  it.each([
    ['Bearer', {}],
    ['Bearer realm="orders"', { realm: 'orders' }],
    [
      'Bearer error="invalid_token", error_description="It says \\"no\\", twice", scope="a b"',
      { error: 'invalid_token', error_description: 'It says "no", twice', scope: 'a b' },
    ],
    ['bearer error=invalid_token', { error: 'invalid_token' }],
    ['Bearer realm="a" , error = "b"', { realm: 'a', error: 'b' }],
  ])('reads %s', (line, parameters) => {
    expect(findChallenge([line], 'Bearer')).toEqual(parameters);
    expect(findChallenge(['Basic realm="x"', line], 'Bearer')).toEqual(parameters);
    expect(findChallenge([`DPoP algs="ES256 RS256", error="other", ${line}`], 'Bearer')).toEqual(parameters);
    expect(findChallenge([`${line}, DPoP algs="ES256"`], 'DPoP')).toEqual({ algs: 'ES256' });
  });

  it.each([
    'Basic realm="x"',
    'Bearer error="invalid_token',
    'Bearer error="a" scope="b"',
    'Bearer error="a", error="b"',
    'Bearers error="a"',
    'error="a"',
    'Bearer error=',
    'Bearer, Bearer',
    '"Bearer"',
  ])('takes %s for no Bearer challenge', (line) => {
    expect(findChallenge([line], 'Bearer')).toBeUndefined();
    expect(findChallenge(['Bearer'], 'Bearer')).toEqual({});
  });
});

describe('parseChallenges', () => {
  it('reads several of one line, in their order', () => {
    expect(parseChallenges(['Bearer, DPoP algs="ES256", error="x", Basic realm="y"'])).toEqual([
      { scheme: 'Bearer', parameters: {} },
      { scheme: 'DPoP', parameters: { algs: 'ES256', error: 'x' } },
      { scheme: 'Basic', parameters: { realm: 'y' } },
    ]);
  });
});
