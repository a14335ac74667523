import { KeyObject, webcrypto } from 'node:crypto';

/** A certificate and its private key, PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;

/**
 * A certificate authority of one test run. Its key is in memory alone.
 *
 * @example
 * const authority = await CertificateAuthority.create();
 * const server = await authority.issue('orders');
 * const client = await authority.issue('storefront');
 */
export class CertificateAuthority {
  private constructor(
    /** Its own certificate, PEM. */
    readonly certificate: string,
    private readonly subject: string,
    private readonly key: webcrypto.CryptoKey,
  ) {}

  static async create(): Promise<CertificateAuthority> {
    const x509 = await loadX509();
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const ca = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Test authority',
      ...validity(),
      keys,
      signingAlgorithm: algorithm,
      extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    });
    return new CertificateAuthority(ca.toString('pem'), ca.subject, keys.privateKey);
  }

  /** A certificate for `localhost` and 127.0.0.1 that serves servers and clients, valid for a day. */
  async issue(commonName: string): Promise<IssuedCertificate> {
    const x509 = await loadX509();
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const leaf = await x509.X509CertificateGenerator.create({
      subject: `CN=${commonName}`,
      issuer: this.subject,
      ...validity(),
      publicKey: keys.publicKey,
      signingKey: this.key,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: 'ip', value: '127.0.0.1' },
          { type: 'dns', value: 'localhost' },
        ]),
      ],
    });
    const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
    return { certificate: leaf.toString('pem'), key };
  }
}

/** Loaded when it is first needed: few tests need certificates. */
async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
}
