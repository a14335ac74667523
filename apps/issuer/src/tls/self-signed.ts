import 'reflect-metadata';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { KeyObject, webcrypto } from 'node:crypto';

/** What a TLS server presents, as PEM texts. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
}

/** How long the certificates are valid, in milliseconds: 397 days, the most that clients accept. */
const validity = 397 * 86_400_000;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The file of the CA's certificate, for `NODE_EXTRA_CA_CERTS`. */
export const caFile = (dataDir: string): string => join(dataDir, 'tls', 'ca.crt');

/**
 * A certificate for a host, from a CA that exists only in the data folder. Both are made at the first start and kept
 * while they are valid; the CA's private key is not kept, so that it can sign nothing else.
 *
 * @param host name or IP address that clients connect to
 */
export async function selfSigned(dataDir: string, host: string): Promise<TlsMaterial> {
  const folder = join(dataDir, 'tls');
  const certFile = join(folder, `${host}.crt`);
  const keyFile = join(folder, `${host}.private`);
  const x509 = await import('@peculiar/x509');
  if ([certFile, keyFile, caFile(dataDir)].every((file) => existsSync(file))) {
    const cert = readFileSync(certFile, 'utf8');
    const kept = new x509.X509Certificate(cert);
    const ca = new x509.X509Certificate(readFileSync(caFile(dataDir), 'utf8'));
    const inDate = kept.notAfter.getTime() > Date.now() + 86_400_000;
    if (inDate && (await kept.verify({ publicKey: ca.publicKey })))
      return { cert, key: readFileSync(keyFile, 'utf8') };
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const notBefore = new Date(Date.now() - 60_000);
  const notAfter = new Date(Date.now() + validity);
  const caKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Countersign local CA',
    notBefore,
    notAfter,
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const leaf = await x509.X509CertificateGenerator.create({
    subject: `CN=${host}`,
    issuer: ca.subject,
    notBefore,
    notAfter,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: isIP(host) ? 'ip' : 'dns', value: host }]),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string;
  const cert = `${leaf.toString('pem')}\n`;
  writeFileSync(caFile(dataDir), `${ca.toString('pem')}\n`, { mode: 0o644 });
  writeFileSync(certFile, cert, { mode: 0o644 });
  writeFileSync(keyFile, key, { mode: 0o600 });
  return { cert, key };
}
