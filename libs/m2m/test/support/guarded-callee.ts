import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { AccessTokenVerifier, AuthError, type SenderOptions } from '@countersign/guards';
import { audience } from './app.js';
import { bodyOf } from './http-server.js';

/** What a guarded callee saw of one request. */
export interface GuardedCall {
  readonly body: string;
  readonly authorization: string | undefined;
  /** How the request was answered: `accepted`, or the code of the refusal and its reason. */
  readonly outcome: string;
}

/** A resource server that holds each request to the whole of RFC 9449 and RFC 8705. */
export interface GuardedCallee {
  readonly url: string;
  readonly calls: GuardedCall[];
  close(): Promise<void>;
}

/** How a guarded callee is set up. */
export interface GuardedCalleeOptions {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly sender?: SenderOptions;
  readonly tls?: ServerOptions;
}

export async function startGuardedCallee(options: GuardedCalleeOptions): Promise<GuardedCallee> {
  const { issuer, jwksUri, sender, tls } = options;
  const verifier = new AccessTokenVerifier({
    issuers: [{ issuer, jwksUri }],
    audience,
    ...(sender && { sender }),
  });
  const calls: GuardedCall[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
    const proof = request.headers['dpop'];
    const certificate = tls && (request.socket as TLSSocket).getPeerCertificate().raw;
    let [status, outcome] = [200, 'accepted'];
    try {
      await verifier.verify(token, {
        sender: {
          scheme: scheme as 'Bearer' | 'DPoP',
          method: request.method ?? '',
          url: `${callee.url}${request.url}`,
          ...(typeof proof === 'string' && { proof }),
          ...(certificate && {
            certificateThumbprint: createHash('sha256').update(certificate).digest('base64url'),
          }),
        },
      });
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      [status, outcome] = [error.status, `${error.code} ${error.reason ?? ''}`.trim()];
      response.setHeader('www-authenticate', `${scheme} error="${error.error}"`);
      const { dpopNonce } = error as { dpopNonce?: string };
      if (dpopNonce !== undefined) response.setHeader('dpop-nonce', dpopNonce);
    }
    calls.push({ body, authorization: request.headers.authorization, outcome });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"ok":true}');
  };
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    void answer(request, response).catch(() => response.destroy());
  const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const callee: GuardedCallee = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return callee;
}
