import { createHash, X509Certificate } from 'node:crypto';

/**
 * The SHA-256 thumbprint of a certificate, base64url, for `cnf.x5t#S256` (RFC 8705, section 3.1).
 *
 * @param certificate PEM or DER
 * @example
 * const token = await issuer.mint({ claims: { cnf: { 'x5t#S256': certificateThumbprint(client.certificate) } } });
 */
export function certificateThumbprint(certificate: string | Uint8Array): string {
  const { raw } = new X509Certificate(certificate);
  return createHash('sha256').update(raw).digest('base64url');
}
