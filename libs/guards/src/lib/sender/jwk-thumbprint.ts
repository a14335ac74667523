import { createHash } from 'node:crypto';

/** The members that make a key what it is, in lexicographic order (RFC 7638 §3.2, RFC 8037 §2). */
const members: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/**
 * The SHA-256 thumbprint of a public key, base64url (RFC 7638 §3).
 *
 * @param jwk a key that has been read as a signing key
 */
export function jwkThumbprint(jwk: Readonly<Record<string, unknown>>): string {
  const names = members[jwk['kty'] as string] ?? [];
  const canonical = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(canonical).digest('base64url');
}
