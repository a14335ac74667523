import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto, X509Certificate, type JsonWebKey } from 'node:crypto';
import type { SigningAlg } from '../policy/dialects.js';
import { isSigningAlg } from '../policy/dialects.js';
import type { SigningKeyTable } from '../store/schema.js';

/** How long a certificate is valid, in milliseconds: ten years, which outlives any key. */
const validity = 3_650 * 86_400_000;

const algorithms: Readonly<
  Record<SigningAlg, webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams>
> = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
};

/** A signing key as those read it who trust certificates. */
export interface SigningCertificate {
  /** PEM. */
  readonly cert: string;
  /** SHA-256, hexadecimal, with colons. */
  readonly fingerprint: string;
  /** SHA-1, hexadecimal (RFC 7517 §4.8). */
  readonly thumbprint: string;
}

/**
 * The self-signed certificate of a signing key. Nothing of it is kept: an RSA key has the same one each time.
 *
 * @param jwk the private JWK, opened
 * @param host name in the subject
 */
export async function signingCertificate(
  { kid, alg, created_at }: SigningKeyTable,
  jwk: JsonWebKey,
  host: string,
): Promise<SigningCertificate> {
  const algorithm = algorithms[isSigningAlg(alg) ? alg : 'RS256'];
  const { subtle } = webcrypto;
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const keys = {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const made = await X509CertificateGenerator.createSelfSigned({
    // A positive serial number of the key's own, so that the certificate is the same each time.
    serialNumber: `01${Buffer.from(kid, 'base64url').subarray(0, 15).toString('hex')}`,
    name: `CN=${host}`,
    notBefore: new Date(created_at),
    notAfter: new Date(Date.parse(created_at) + validity),
    keys,
    signingAlgorithm: { ...algorithm, hash: 'SHA-256' },
  });
  const cert = `${made.toString('pem')}\n`;
  const { fingerprint256, fingerprint } = new X509Certificate(cert);
  return { cert, fingerprint: fingerprint256, thumbprint: fingerprint.replaceAll(':', '') };
}
