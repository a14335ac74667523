import { type HttpRequest, socketOf } from '../transports/http-request.js';
import { certificateThumbprint, thumbprintOfHeader } from './client-certificate.js';
import type { DpopNonces } from './dpop-nonces.js';
import { defaultProofAlgorithms } from './dpop-options.js';
import type { CertificateHeader, SenderConstraintOptions } from './sender-constraint-options.js';
import type { SenderEvidence } from './sender-evidence.js';

/** What is read of a request beside its headers. Fastify's and Express's requests both have it. */
interface SenderRequest extends HttpRequest {
  readonly method?: string;
  readonly originalUrl?: string;
  readonly protocol?: string;
  readonly host?: string;
}

/**
 * Reads off HTTP requests who sends their token, in the ways that the options of the module accept. What is not
 * accepted is not read, so that a token that is bound to it is refused.
 */
export class HttpSender {
  /** True where the scheme `DPoP` is spoken. */
  readonly dpop: boolean;
  /** True where a token may come under the scheme `Bearer`: one that is bound to nothing, or to a certificate. */
  readonly bearer: boolean;
  /** The algorithms of DPoP proofs, as the challenge names them (RFC 9449 §7.1). */
  readonly proofAlgorithms: string;
  /** The nonces that proofs must carry; undefined where none is asked for. */
  readonly nonces: DpopNonces | undefined;
  /** True where a client can be known by its certificate. */
  readonly certificates: boolean;
  readonly #certificateHeader: CertificateHeader | undefined;
  readonly #origin: string | undefined;
  readonly #pathPrefix: string;

  /** @param publicUrl where clients reach this service; undefined where the requests have to say */
  constructor({ required, dpop, mtls }: SenderConstraintOptions, publicUrl: string | undefined) {
    const { algorithms, nonces, pathPrefix = '' } = typeof dpop === 'object' ? dpop : {};
    this.dpop = Boolean(dpop);
    this.bearer = !required || Boolean(mtls);
    this.proofAlgorithms = (algorithms ?? defaultProofAlgorithms).join(' ');
    this.nonces = nonces;
    this.certificates = Boolean(mtls);
    this.#certificateHeader = typeof mtls === 'object' ? mtls.certificateHeader : undefined;
    this.#origin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
    this.#pathPrefix = pathPrefix;
  }

  /** What a request shows of who sends it. */
  evidence(request: SenderRequest): SenderEvidence {
    const certificateThumbprint = this.certificates ? this.#thumbprint(request) : undefined;
    const certificate = certificateThumbprint === undefined ? {} : { certificateThumbprint };
    if (!this.dpop || !speaksDpop(request)) return { scheme: 'Bearer', ...certificate };
    const { dpop: proof } = request.headers;
    const url = this.#url(request);
    return {
      scheme: 'DPoP',
      request,
      ...certificate,
      ...(typeof proof === 'string' && { proof }),
      ...(request.method !== undefined && { method: request.method }),
      ...(url !== undefined && { url }),
    };
  }

  #url(request: SenderRequest): string | undefined {
    const path = request.originalUrl ?? request.url;
    const origin = this.#origin ?? originOf(request);
    return path.startsWith('/') && origin !== undefined ? origin + this.#pathPrefix + path : undefined;
  }

  #thumbprint(request: SenderRequest): string | undefined {
    if (this.#certificateHeader) {
      const { name, encoding } = this.#certificateHeader;
      const header = request.headers[name.toLowerCase()];
      return typeof header === 'string' ? thumbprintOfHeader(header, encoding) : undefined;
    }
    const raw = socketOf(request)?.getPeerCertificate?.()?.raw;
    return raw === undefined ? undefined : certificateThumbprint(raw);
  }
}

/** True for a request whose `Authorization` header speaks the scheme `DPoP` (RFC 9449 §7.1), in whatever case. */
export function speaksDpop({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  const { authorization } = headers;
  return typeof authorization === 'string' && /^dpop(?: |$)/i.test(authorization);
}

function originOf(request: SenderRequest): string | undefined {
  const protocol = request.protocol ?? (socketOf(request)?.encrypted ? 'https' : 'http');
  const host = request.host ?? request.headers['host'];
  return typeof host === 'string' && host !== '' ? `${protocol}://${host}` : undefined;
}
