import type { SecretSource } from '../secrets/secret-source.js';

/** The certificate that this client presents over TLS (RFC 8705). All PEM; files are read again when they change. */
export interface MtlsOptions {
  /** The certificate, with its intermediates after it. */
  readonly certificate: SecretSource;
  /** Its private key, not encrypted. */
  readonly key: SecretSource;
  /** The authorities that are trusted, in place of those of Node.js. Default: those of Node.js. */
  readonly ca?: SecretSource;
}
