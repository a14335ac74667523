import { compactDecrypt, compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoopbackIssuer } from '../issuer/loopback-issuer.js';
import { generateSigningKey } from '../keys/signing-key.js';

describe('TokenForge', () => {
  let issuer: LoopbackIssuer;
  beforeAll(async () => {
    issuer = await LoopbackIssuer.start();
  });
  afterAll(() => issuer.close());

  const holds = (token: string): Promise<unknown> => compactVerify(token, issuer.signingKey().publicKey);
  const bytes = (segment: string | undefined): Buffer => Buffer.from(segment ?? '', 'base64url');

  it('signs any text as it is', async () => {
    const token = issuer.forge.raw({ payload: '{"exp":1e999,"x":"a"}' });

    expect(bytes(token.split('.')[1]).toString()).toBe('{"exp":1e999,"x":"a"}');
    await expect(holds(token)).resolves.toBeDefined();
  });

  it('says none and carries no signature', () => {
    const token = issuer.forge.unsigned('NonE');

    expect(decodeProtectedHeader(token).alg).toBe('NonE');
    expect(token.endsWith('.')).toBe(true);
  });

  it.each(['spki-pem', 'pkcs1-pem', 'spki-der', 'jwk', 'modulus', 'empty'] as const)(
    'makes an HMAC of the %s form of the public key',
    (form) => {
      const token = issuer.forge.hmacWithPublicKey(form, 512);
      const input = token.slice(0, token.lastIndexOf('.'));

      expect(decodeProtectedHeader(token).alg).toBe('HS512');
      if (form === 'spki-pem')
        expect(token.split('.')[2]).toBe(
          createHmac('sha512', issuer.signingKey().publicKey.export({ type: 'spki', format: 'pem' }))
            .update(input)
            .digest('base64url'),
        );
    },
  );

  it.each([0, 1, 2] as const)('spells part %i another way for the same bytes', (index) => {
    const part = (['header', 'payload', 'signature'] as const)[index];
    const segment = issuer.forge.nonCanonical(part).split('.')[index] ?? '';

    expect(bytes(segment).toString('base64url')).not.toBe(segment);
    expect(bytes(segment).length).toBeGreaterThan(20);
  });

  it('names a member twice under a signature that holds', async () => {
    const token = issuer.forge.duplicateMember('payload', 'aud', 'https://other.example');

    expect(bytes(token.split('.')[1]).toString().match(/"aud"/g)).toHaveLength(2);
    await expect(holds(token)).resolves.toBeDefined();
  });

  it.each(['header', 'payload', 'signature'] as const)('turns a bit of the %s', async (part) => {
    await expect(holds(issuer.forge.tampered(part))).rejects.toThrow();
  });

  it('encrypts', async () => {
    const token = await issuer.forge.jwe();

    expect(token.split('.')).toHaveLength(5);
    await expect(compactDecrypt(token, issuer.signingKey().privateKey)).resolves.toBeDefined();
  });

  it('makes the issuer’s other kinds of JWT', () => {
    expect(decodeJwt(issuer.forge.idToken('client-1')).aud).toBe('client-1');
    expect(decodeProtectedHeader(issuer.forge.logoutToken()).typ).toBe('logout+jwt');
    expect(decodeProtectedHeader(issuer.forge.dpopProof(generateSigningKey('ES256'))).typ).toBe('dpop+jwt');
  });
});
