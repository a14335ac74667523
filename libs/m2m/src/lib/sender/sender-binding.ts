import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Clock } from '../tokens/clock.js';
import type { TokenRequest } from '../tokens/token-request.js';
import { ClientCertificate } from './client-certificate.js';
import { DpopKey } from './dpop-key.js';
import type { MtlsOptions } from './mtls-options.js';

/** What tokens may be bound to, so that nobody else can use them. */
export interface SenderBindingOptions {
  readonly dpop?: boolean;
  readonly mtls?: MtlsOptions;
}

/** What proves that a call comes from the client that its token was issued to: a DPoP key, a certificate, or neither. */
export class SenderBinding implements OnModuleDestroy {
  readonly #logger = new Logger('M2mSender');
  readonly dpop: DpopKey | undefined;
  readonly certificate: ClientCertificate | undefined;

  constructor({ dpop = false, mtls }: SenderBindingOptions, clock: Clock) {
    this.dpop = dpop ? new DpopKey(() => clock.now()) : undefined;
    this.certificate =
      mtls &&
      new ClientCertificate(mtls, clock, (problem) =>
        this.#logger.warn(`The former client certificate stays in use, because ${problem}.`),
      );
  }

  /** The request with what its token is bound to: the DPoP key, and the certificate that was read last. */
  bind<T extends TokenRequest>(request: T): T {
    const { dpop, certificate } = this;
    if (!dpop && !certificate) return request;
    const confirmation = `${dpop?.thumbprint ?? ''} ${certificate?.known?.thumbprint ?? ''}`.trim();
    return { ...request, confirmation };
  }

  /** Closes the connections on which the certificate was presented. */
  onModuleDestroy(): void {
    this.certificate?.close();
  }
}
