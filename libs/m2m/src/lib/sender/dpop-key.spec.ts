import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DpopKey } from './dpop-key.js';

const url = new URL('https://inventory.example/stock/a%20b?dry=1#x');

function read(proof: string) {
  const [header = '', claims = '', signature = ''] = proof.split('.');
  const parse = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return { header: parse(header), claims: parse(claims), input: `${header}.${claims}`, signature };
}

describe('a DPoP proof', () => {
  it('names method, URL without query, time and token, and is signed by the key that it carries', () => {
    const key = new DpopKey(() => 1_700_000_000_999);
    const { header, claims, input, signature } = read(key.proof('post', url, 'the-token'));
    const { jwk, ...rest } = header;
    expect(rest).toEqual({ typ: 'dpop+jwt', alg: 'ES256' });
    expect(Object.keys(jwk as object).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    const { jti, ...others } = claims;
    expect(jti).toMatch(/^[\w-]{36}$/);
    expect(others).toEqual({
      htm: 'POST',
      htu: 'https://inventory.example/stock/a%20b',
      iat: 1_700_000_000,
      ath: createHash('sha256').update('the-token').digest('base64url'),
    });
    const publicKey = {
      key: createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363',
    } as const;
    expect(verify('sha256', Buffer.from(input), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(verify('sha256', Buffer.from(`${input}x`), publicKey, Buffer.from(signature, 'base64url'))).toBe(
      false,
    );
  });

  it('has an identifier of its own each time', () => {
    const key = new DpopKey();
    const ids = Array.from({ length: 100 }, () => read(key.proof('GET', url, 't')).claims['jti']);
    expect(new Set(ids).size).toBe(100);
  });

  it('carries the last nonce of its origin, and of no other', () => {
    const key = new DpopKey();
    expect([key.keepNonce(url, 'n1'), key.keepNonce(url, 'n1'), key.keepNonce(url, 'n2')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(read(key.proof('GET', url, 't')).claims['nonce']).toBe('n2');
    expect(read(key.proof('GET', new URL('https://other.example'), 't')).claims).not.toHaveProperty('nonce');
  });

  it.each([[undefined], [''], [['a', 'b']], ['x'.repeat(1_025)]])(
    'a nonce that is none is not kept',
    (nonce) => {
      const key = new DpopKey();
      expect(key.keepNonce(url, nonce)).toBe(false);
      expect(read(key.proof('GET', url, 't')).claims).not.toHaveProperty('nonce');
    },
  );

  it('is of a key that is of this object alone and shows in no print', () => {
    const [one, other] = [new DpopKey(), new DpopKey()];
    expect(one.thumbprint).not.toBe(other.thumbprint);
    expect(inspect(one, { depth: 5 })).not.toContain('KeyObject');
  });
});
