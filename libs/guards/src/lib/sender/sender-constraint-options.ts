import type { CertificateEncoding } from './client-certificate.js';
import type { DpopOptions } from './dpop-options.js';

/** The header in which a proxy that ends TLS hands on the certificate of the client. */
export interface CertificateHeader {
  /**
   * Its name, such as `x-ssl-cert` or `client-cert`. The proxy must set it on every request and take away what a
   * client sends under it: who can write this header can use every certificate-bound token.
   */
  readonly name: string;
  /** How the certificate is written in it. */
  readonly encoding: CertificateEncoding;
}

/** How DPoP is spoken over HTTP (RFC 9449). */
export interface HttpDpopOptions extends DpopOptions {
  /**
   * What a proxy takes off the path before the request comes here, such as `/orders`: proofs name the URL as the
   * client sees it. Default: nothing. The origin is that of the module's `publicUrl`, or else what the request says.
   */
  readonly pathPrefix?: string;
}

/** Where the certificate of a client comes from (RFC 8705). */
export interface MutualTlsOptions {
  /** Default: none, and the certificate is that of the TLS connection itself. Where given, that one is not looked at. */
  readonly certificateHeader?: CertificateHeader;
}

/**
 * Tokens that are bound to their sender: which kinds are accepted, and whether others are. A token that is bound in
 * a way that is not accepted here is refused, never taken for a bearer token.
 */
export interface SenderConstraintOptions {
  /** Refuses tokens that are bound to no sender. Default false: bearer tokens are accepted beside them. */
  readonly required?: boolean;
  /** Accepts tokens that are bound to a DPoP key (RFC 9449): `true`, or how their proofs are checked. Default false. */
  readonly dpop?: boolean | HttpDpopOptions;
  /** Accepts tokens that are bound to a client certificate (RFC 8705): `true`, or where it comes from. Default false. */
  readonly mtls?: boolean | MutualTlsOptions;
}
