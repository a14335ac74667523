import { createPrivateKey, type KeyObject, type webcrypto } from 'node:crypto';

interface SigningAlgorithm {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
}

/**
 * A private key for client assertions: RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA).
 *
 * @param pem PKCS #8, not encrypted
 * @throws Error whose message says what is wrong with the key, never what is in it
 */
export async function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error('the private key is no PEM of an unencrypted private key (PKCS #8)');
  }
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithmOf(key), false, ['sign']);
}

function algorithmOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): SigningAlgorithm {
  if (type === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return { name: 'ECDSA', namedCurve: 'P-256' };
  if (type === 'ed25519') return { name: 'Ed25519' };
  throw new Error(`the private key is of type ${type}; use RSA, P-256 or Ed25519`);
}
