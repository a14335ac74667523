import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { type HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { IssuerOptions } from '../configuration/issuer.environment.js';
import { selfSigned, type TlsMaterial } from './self-signed.js';

/** Answers on a TLS port what the service answers on its HTTP port. */
export class TlsListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #server: Server | undefined;

  constructor(
    private readonly options: IssuerOptions,
    private readonly http: HttpAdapterHost,
    private readonly host: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { tls } = this.options;
    if (!tls) return;
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    const answer: RequestListener = (request, response) => fastify.routing(request, response);
    // A client shows a certificate where it has one; whose it is, is for the token endpoint to say (RFC 8705 §2.2).
    const certificates = { requestCert: true, rejectUnauthorized: false };
    const server = createServer(
      { ...(await this.#material(tls)), ...certificates, minVersion: 'TLSv1.2' },
      answer,
    );
    server.requestTimeout = 30_000;
    server.listen(tls.port, this.host);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw new Error(
        `port ${tls.port} cannot be used for TLS. Stop what listens there, or set ISSUER_TLS_PORT.`,
        {
          cause: error,
        },
      );
    }
    this.#server = server;
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!this.#server) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #material(tls: NonNullable<IssuerOptions['tls']>): Promise<TlsMaterial> | TlsMaterial {
    if (tls.files)
      return { cert: readFileSync(tls.files.cert, 'utf8'), key: readFileSync(tls.files.key, 'utf8') };
    return selfSigned(this.options.dataDir, new URL(this.options.issuer).hostname.replace(/^\[|\]$/g, ''));
  }
}
