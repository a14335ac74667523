import { describe, expect, it } from 'vitest';
import { AuthError } from '../errors/auth-error.js';
import { AccessRefusedException } from './access-refused.exception.js';
import { refusalHeaders } from './challenge.js';

const challenge = { realm: 'https://orders.example' };

describe('refusalHeaders', () => {
  it('challenges without an error when there were no credentials', () => {
    expect(refusalHeaders(new AuthError('token_missing'), challenge)).toEqual({
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer realm="https://orders.example"',
    });
  });

  it('names the error and describes it', () => {
    expect(
      refusalHeaders(new AuthError('token_expired', 'It has expired.'), challenge)['www-authenticate'],
    ).toBe(
      'Bearer realm="https://orders.example", error="invalid_token", error_description="It has expired."',
    );
  });

  it('names the scopes that would have been enough', () => {
    const error = new AuthError('scope_missing', 'No.', { scopes: ['read:orders', 'write:orders'] });
    expect(refusalHeaders(error, challenge)['www-authenticate']).toBe(
      'Bearer realm="https://orders.example", error="insufficient_scope", error_description="No.", scope="read:orders write:orders"',
    );
  });

  it('says when to come back instead of challenging when there are no keys', () => {
    expect(refusalHeaders(new AuthError('keys_unavailable', 'No.', { retryAfter: 7 }), challenge)).toEqual({
      'cache-control': 'no-store',
      'retry-after': '7',
    });
  });

  describe('where DPoP is spoken', () => {
    const both = { ...challenge, dpopAlgorithms: 'ES256 EdDSA' };
    const bearer = 'Bearer realm="https://orders.example"';
    const dpop = 'DPoP realm="https://orders.example", algs="ES256 EdDSA"';

    it('names both schemes when there were no credentials', () => {
      const headers = refusalHeaders(new AuthError('token_missing'), both);
      expect(headers['www-authenticate']).toBe(`${bearer}, ${dpop}`);
    });

    it('names DPoP alone where Bearer is not spoken', () => {
      const headers = refusalHeaders(new AuthError('token_missing'), { ...both, bearer: false });
      expect(headers['www-authenticate']).toBe(dpop);
    });

    it('puts the error into the challenge of the scheme that was used, and that one first', () => {
      const error = new AuthError('token_expired', 'Old.');
      const said = 'error="invalid_token", error_description="Old."';
      expect(refusalHeaders(error, both, 'Bearer')['www-authenticate']).toBe(`${bearer}, ${said}, ${dpop}`);
      expect(refusalHeaders(error, both, 'DPoP')['www-authenticate']).toBe(
        `DPoP realm="https://orders.example", ${said}, algs="ES256 EdDSA", ${bearer}`,
      );
    });

    it('gives the nonce that the next proof needs', () => {
      const error = new AuthError('sender_mismatch', 'No.', { error: 'use_dpop_nonce', dpopNonce: 'n' });
      expect(refusalHeaders(error, { ...both, bearer: false }, 'DPoP')).toEqual({
        'cache-control': 'no-store',
        'dpop-nonce': 'n',
        'www-authenticate':
          'DPoP realm="https://orders.example", error="use_dpop_nonce", error_description="No.", algs="ES256 EdDSA"',
      });
    });
  });

  it('cannot be broken out of by a quote, a backslash, a line break or another script', () => {
    const error = new AuthError('token_malformed', 'a"b\\c\r\nSet-Cookie: x=é');
    expect(refusalHeaders(error, { realm: 'r"' })['www-authenticate']).toBe(
      `Bearer realm="r'", error="invalid_token", error_description="a'b'c??Set-Cookie: x=?"`,
    );
  });
});

describe('AccessRefusedException', () => {
  it('is an HttpException with the status, the body and the cause of the refusal', () => {
    const cause = new AuthError('token_expired', 'It has expired.');
    const exception = new AccessRefusedException(cause, challenge);
    expect(exception.getStatus()).toBe(401);
    expect(exception.getResponse()).toEqual({
      statusCode: 401,
      error: 'invalid_token',
      message: 'It has expired.',
      code: 'token_expired',
    });
    expect(exception).toMatchObject({ code: 'token_expired', cause });
  });
});
