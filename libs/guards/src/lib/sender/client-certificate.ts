import { createHash, X509Certificate } from 'node:crypto';

/** Where a proxy that ends TLS puts the certificate of the client: the ways that are understood. */
export type CertificateEncoding =
  /** A PEM certificate, URL-encoded: nginx `$ssl_client_escaped_cert`, Traefik and others. */
  | 'pem-urlencoded'
  /** `:base64 of the DER:`, the header `Client-Cert` of RFC 9440 §2.1. */
  | 'rfc9440';

const MAX_LENGTH = 16_384;

/**
 * The SHA-256 thumbprint of a certificate, base64url (RFC 8705 §3.1).
 *
 * @param der the certificate in DER, such as `socket.getPeerCertificate().raw`
 */
export function certificateThumbprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('base64url');
}

/**
 * The thumbprint of the certificate in a proxy's header. Read such a header only from a proxy that sets it itself:
 * what a client sends there is worth nothing.
 *
 * @returns `undefined` for anything but one whole certificate
 */
export function thumbprintOfHeader(header: string, encoding: CertificateEncoding): string | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  try {
    const certificate = new X509Certificate(
      encoding === 'rfc9440' ? fromByteSequence(header) : fromPem(header),
    );
    return certificateThumbprint(certificate.raw);
  } catch {
    return undefined;
  }
}

function fromPem(header: string): string {
  const pem = decodeURIComponent(header);
  if (!/^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/.test(pem)) {
    throw new TypeError('not one certificate');
  }
  return pem;
}

function fromByteSequence(header: string): Buffer {
  const [, base64] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(header) ?? [];
  if (base64 === undefined) throw new TypeError('not a byte sequence');
  return Buffer.from(base64, 'base64');
}
