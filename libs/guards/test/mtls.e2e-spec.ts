import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, type AuthModuleOptions, Caller, RequireScopes } from '../src/index.js';
import { type Adapter, ADAPTERS, appModule, bearer, type RunningApp, startApp } from './support/app.js';
import { selfSigned, type TestCertificate } from './support/certificates.js';
import { DpopClient } from './support/dpop-client.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

@Controller('orders')
class OrdersController {
  @Get()
  @RequireScopes('read:orders')
  list(@Caller() caller: Caller) {
    return { clientId: caller.clientId };
  }

  @Get('passport')
  @UseGuards(AuthGuard('jwt'))
  @Authenticated()
  passport() {
    return {};
  }
}

let issuer: TestIssuer;
let server: TestCertificate;
let client: TestCertificate;
let other: TestCertificate;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  [server, client, other] = (await Promise.all(['localhost', 'storefront', 'intruder'].map(selfSigned))) as [
    TestCertificate,
    TestCertificate,
    TestCertificate,
  ];
});
afterAll(() => issuer?.close());

const boundTo = ({ thumbprint }: TestCertificate, more: object = {}): Promise<string> =>
  issuer.mint({ claims: { cnf: { 'x5t#S256': thumbprint, ...more } } });

interface Answer {
  readonly status: number | undefined;
  readonly body: Record<string, unknown>;
}

/** Asks over TLS, with the certificate of a client or without one. */
function ask(
  port: number,
  headers: Record<string, string>,
  certificate?: TestCertificate,
  path = '/orders',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      headers,
      ca: server.cert,
      agent: false as const,
      ...(certificate && { cert: certificate.cert, key: certificate.key }),
    };
    request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, body: JSON.parse(text) as Record<string, unknown> }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** An app that asks its clients for a certificate, self-signed ones included (RFC 8705 §2.2). */
async function startTls(
  adapter: Adapter,
  options: Partial<AuthModuleOptions>,
): Promise<[INestApplication, number]> {
  const https = { cert: server.cert, key: server.key, requestCert: true, rejectUnauthorized: false };
  const module = appModule({ issuer: issuer.url, audience: AUDIENCE, ...options }, [OrdersController]);
  const settings = { logger: false, abortOnError: false } as const;
  const app: INestApplication =
    adapter === 'fastify'
      ? await NestFactory.create(module, new FastifyAdapter({ https }), settings)
      : await NestFactory.create(module, new ExpressAdapter(), { ...settings, httpsOptions: https });
  await app.listen(0, '127.0.0.1');
  return [app, (app.getHttpServer() as { address(): AddressInfo }).address().port];
}

const refused = (reason = 'sender_mismatch') => ({
  status: 401,
  body: { code: reason, error: 'invalid_token' },
});

describe.each(ADAPTERS)('certificate-bound tokens on %s', (adapter) => {
  describe('over TLS', () => {
    let app: INestApplication;
    let port: number;
    beforeAll(async () => {
      [app, port] = await startTls(adapter, { sender: { mtls: true } });
    });
    afterAll(() => app?.close());

    it('are accepted from the client with the certificate, and recognised from it alone', async () => {
      const token = await boundTo(client);
      for (let round = 0; round < 2; round++) {
        expect(await ask(port, bearer(token), client)).toEqual({
          status: 200,
          body: { clientId: 'storefront' },
        });
        expect(await ask(port, bearer(token), other)).toMatchObject(refused());
        expect(await ask(port, bearer(token))).toMatchObject(refused());
      }
    });

    it('follow the same rule under AuthGuard of @nestjs/passport', async () => {
      const token = await boundTo(client);
      expect(await ask(port, bearer(token), client, '/orders/passport')).toMatchObject({ status: 200 });
      expect(await ask(port, bearer(token), other, '/orders/passport')).toMatchObject(refused());
    });

    it('stand beside bearer tokens', async () => {
      expect(await ask(port, bearer(await issuer.mint()))).toMatchObject({ status: 200 });
    });

    it('are not taken from a header that nobody enabled', async () => {
      const token = await boundTo(client);
      const header = { 'client-cert': `:${client.der.toString('base64')}:` };
      expect(await ask(port, { ...bearer(token), ...header }, other)).toMatchObject(refused());
    });
  });

  it('are asked for where they are required', async () => {
    const [app, port] = await startTls(adapter, { sender: { required: true, mtls: true } });
    try {
      expect(await ask(port, bearer(await boundTo(client)), client)).toMatchObject({ status: 200 });
      expect(await ask(port, bearer(await issuer.mint()), client)).toMatchObject(refused());
    } finally {
      await app.close();
    }
  });

  it('may be bound to a DPoP key as well, and then need both', async () => {
    const [app, port] = await startTls(adapter, { sender: { dpop: true, mtls: true } });
    try {
      const device = await DpopClient.create();
      const token = await boundTo(client, { jkt: device.jkt });
      const headers = () => device.headers('GET', `https://127.0.0.1:${port}/orders`, token);
      expect(await ask(port, await headers(), client)).toMatchObject({ status: 200 });
      expect(await ask(port, await headers(), other)).toMatchObject(refused());
      expect(await ask(port, bearer(token), client)).toMatchObject(refused());
    } finally {
      await app.close();
    }
  });

  it('are refused where they are not accepted, certificate or not', async () => {
    const [app, port] = await startTls(adapter, {});
    try {
      expect(await ask(port, bearer(await issuer.mint()), client)).toMatchObject({ status: 200 });
      expect(await ask(port, bearer(await boundTo(client)), client)).toMatchObject(refused());
    } finally {
      await app.close();
    }
  });

  describe('behind a proxy that ends TLS', () => {
    const ways = [
      ['pem-urlencoded', ({ cert }: TestCertificate) => encodeURIComponent(cert)],
      ['rfc9440', ({ der }: TestCertificate) => `:${der.toString('base64')}:`],
    ] as const;

    describe.each(ways)('that writes %s', (encoding, write) => {
      let app: RunningApp;
      beforeAll(async () => {
        app = await startApp(
          adapter,
          {
            issuer: issuer.url,
            audience: AUDIENCE,
            sender: { mtls: { certificateHeader: { name: 'X-Client-Cert', encoding } } },
          },
          [OrdersController],
        );
      });
      afterAll(() => app?.close());

      const status = async (certificate: string | undefined, name = 'x-client-cert'): Promise<number> => {
        const headers = certificate === undefined ? {} : { [name]: certificate };
        return (await app.get('/orders', { ...bearer(await boundTo(client)), ...headers })).status;
      };

      it('are accepted with the certificate in the named header', async () => {
        expect(await status(write(client))).toBe(200);
      });

      it.each([
        ['another certificate', () => write(other)],
        ['no certificate', () => undefined],
        ['an empty header', () => ''],
        ['junk', () => 'junk'],
        ['two certificates', () => `${write(client)}, ${write(client)}`],
        ['the thumbprint itself', () => client.thumbprint],
      ])('are refused with %s', async (_what, certificate) => {
        expect(await status(certificate())).toBe(401);
      });

      it('are refused with the certificate in another header', async () => {
        expect(await status(write(client), 'client-cert')).toBe(401);
      });
    });

    it('are not accepted by the certificate of the connection, which is the proxy’s', async () => {
      const certificateHeader = { name: 'client-cert', encoding: 'rfc9440' } as const;
      const [app, port] = await startTls(adapter, { sender: { mtls: { certificateHeader } } });
      try {
        const token = await boundTo(client);
        const header = { 'client-cert': `:${client.der.toString('base64')}:` };
        expect(await ask(port, { ...bearer(token), ...header }, other)).toMatchObject({ status: 200 });
        expect(await ask(port, bearer(token), client)).toMatchObject(refused());
      } finally {
        await app.close();
      }
    });
  });
});
