import type { JWK } from 'jose';
import type { SigningAlg } from '../policy/dialects.js';

/** A new signing key with its private part; its `kid` is its RFC 7638 thumbprint. RSA keys have 2,048 bits. */
export async function generateKey(alg: SigningAlg): Promise<JWK & { kid: string }> {
  // Most starts find their keys made.
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose');
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
}
