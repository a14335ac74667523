import { randomUUID, X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../test/support/certificates.js';
import { Signer } from '../../../test/support/core/signer.js';
import { certificateThumbprint, thumbprintOfHeader } from './client-certificate.js';
import { RollingDpopNonces } from './dpop-nonces.js';
import { jwkThumbprint } from './jwk-thumbprint.js';
import { MemoryReplayStore } from './memory-replay-store.js';

describe('jwkThumbprint', () => {
  it('gives the value of the example of RFC 7638', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' };
    expect(jwkThumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it.each(['RS256', 'ES256', 'ES512', 'EdDSA'] as const)('agrees with jose on a key for %s', async (alg) => {
    const { publicJwk } = Signer.create(alg, 'kid');
    expect(jwkThumbprint(publicJwk)).toBe(await calculateJwkThumbprint(publicJwk as never));
  });
});

describe('MemoryReplayStore', () => {
  /** Uses new proofs of a key until one is refused, or as many as asked; how many were accepted. */
  const flood = (store: MemoryReplayStore, jkt: string, most = 1_000): number => {
    for (let sent = 0; sent < most; sent++) if (!store.use(randomUUID(), 60, jkt)) return sent;
    return most;
  };

  it('accepts a proof once within its time', () => {
    let now = 0;
    const store = new MemoryReplayStore(10, () => now);
    expect(store.use('a', 60, 'key')).toBe(true);
    expect(store.use('a', 60, 'key')).toBe(false);
    expect(store.use('b', 60, 'key')).toBe(true);
    now = 59_999;
    expect(store.use('a', 60, 'key')).toBe(false);
    now = 60_000;
    expect(store.use('a', 60, 'key')).toBe(true);
  });

  it('refuses a flood by one key to that key alone, at half of the places', () => {
    let now = 0;
    const store = new MemoryReplayStore(100, () => now);
    expect(flood(store, 'flooding')).toBe(50);
    expect(flood(store, 'other', 20)).toBe(20);
    expect(flood(store, 'flooding')).toBe(0);
    expect(store.use('one more', 60, 'other')).toBe(true);
    now = 60_000;
    expect(flood(store, 'flooding')).toBe(50);
  });

  it('leaves places to others when several keys flood it', () => {
    const store = new MemoryReplayStore(100, () => 0);
    const flooding = Array.from({ length: 4 }, (_, key) => `flooding ${key}`);
    for (let round = 0; round < 100; round++) for (const jkt of flooding) flood(store, jkt, 1);
    expect(store.size).toBe(80);
    expect(flood(store, 'other', 10)).toBe(10);
    for (const jkt of flooding) expect(flood(store, jkt)).toBe(0);
  });

  it('is bounded against any number of keys, and accepts nothing new while it is full', () => {
    let now = 0;
    const store = new MemoryReplayStore(3, () => now);
    for (const id of ['a', 'b', 'c']) expect(store.use(id, 60, `key of ${id}`)).toBe(true);
    expect(store.use('d', 60, 'key of d')).toBe(false);
    expect(store.use('a', 60, 'key of a')).toBe(false);
    expect(store.size).toBe(3);
    now = 60_000;
    expect(store.use('d', 60, 'key of d')).toBe(true);
    expect(store.size).toBe(1);
  });
});

describe('RollingDpopNonces', () => {
  it('accepts the current nonce and the one before, and nothing else', () => {
    let now = 1_000_000;
    const nonces = new RollingDpopNonces(Buffer.alloc(32, 1), 60, () => now);
    const first = nonces.current();
    expect(nonces.accepts(first)).toBe(true);
    now += 60_000;
    expect(nonces.current()).not.toBe(first);
    expect(nonces.accepts(first)).toBe(true);
    now += 60_000;
    expect(nonces.accepts(first)).toBe(false);
    expect(nonces.accepts('')).toBe(false);
    expect(nonces.accepts(`${nonces.current()}=`)).toBe(false);
  });

  it('differs by secret, and wants a long one', () => {
    const at = () => 1_000_000;
    const [one, two] = [1, 2].map((fill) => new RollingDpopNonces(Buffer.alloc(32, fill), 60, at));
    expect(one?.accepts(two?.current() ?? '')).toBe(false);
    expect(() => new RollingDpopNonces(Buffer.alloc(31))).toThrow(RangeError);
  });
});

describe('the certificate in the header of a proxy', async () => {
  const { cert: pem, der } = await selfSigned('client');
  const expected = certificateThumbprint(der);

  it('has the thumbprint of the certificate itself', () => {
    expect(expected).toMatch(/^[\w-]{43}$/);
    expect(certificateThumbprint(new X509Certificate(pem).raw)).toBe(expected);
    expect(thumbprintOfHeader(encodeURIComponent(pem), 'pem-urlencoded')).toBe(expected);
    expect(thumbprintOfHeader(`:${der.toString('base64')}:`, 'rfc9440')).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['text', 'certificate'],
    ['a private key', encodeURIComponent('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----')],
    ['two certificates', encodeURIComponent(pem + pem)],
    ['half a certificate', encodeURIComponent(pem.slice(0, 200))],
    ['a bad escape', '%E0%A4%A'],
    ['no end', 'x'.repeat(20_000)],
    ['a byte sequence in the other encoding', `:${der.toString('base64')}:`],
  ])('gives nothing for %s', (_what, header) => {
    expect(thumbprintOfHeader(header, 'pem-urlencoded')).toBeUndefined();
  });

  it.each([
    ['no colons', der.toString('base64')],
    ['two values', `:${der.toString('base64')}:, :${der.toString('base64')}:`],
    ['bytes that are no certificate', ':AAAA:'],
    ['PEM', encodeURIComponent(pem)],
  ])('gives nothing for %s in RFC 9440', (_what, header) => {
    expect(thumbprintOfHeader(header, 'rfc9440')).toBeUndefined();
  });
});
