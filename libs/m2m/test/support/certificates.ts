import { KeyObject, webcrypto } from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A certificate and its key, PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of one test run. */
export interface TestAuthority {
  readonly ca: string;
  /** Issues a certificate for 127.0.0.1, good for servers and clients. */
  issue(commonName: string): Promise<TestCertificate>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;

/** Makes an authority whose key is in memory alone. */
export async function startAuthority(): Promise<TestAuthority> {
  const times = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Test authority',
    ...times,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  return {
    ca: ca.toString('pem'),
    issue: async (commonName) => {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const leaf = await x509.X509CertificateGenerator.create({
        subject: `CN=${commonName}`,
        issuer: ca.subject,
        ...times,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
      });
      const key = KeyObject.from(own.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
      return { certificate: leaf.toString('pem'), key };
    },
  };
}
