import { CertificateAuthority, type IssuedCertificate } from '@countersign/testing';

/** A certificate and its key, PEM. */
export type TestCertificate = IssuedCertificate;

/** An authority of one test run, with its own certificate under the name that options of TLS have for it. */
export interface TestAuthority {
  readonly ca: string;
  /** Issues a certificate for 127.0.0.1, good for servers and clients. */
  issue(commonName: string): Promise<TestCertificate>;
}

/** Makes an authority whose key is in memory alone. */
export async function startAuthority(): Promise<TestAuthority> {
  const authority = await CertificateAuthority.create();
  return { ca: authority.certificate, issue: (commonName) => authority.issue(commonName) };
}
