import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthModule,
  type AuthModuleOptions,
  Caller,
  RequireScopes,
  RollingDpopNonces,
} from '@countersign/guards';
import { LoopbackIssuer } from '@countersign/testing';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2mModuleOptions } from '../src/index.js';
import { audience, startApp } from './support/app.js';
import { startAuthority } from './support/certificates.js';
import { errorOf } from './support/leaks.js';

const scopes = ['read:stock'];

@Controller('stock')
class StockController {
  @Get(':sku')
  @RequireScopes('read:stock')
  find(@Param('sku') sku: string, @Caller() caller: Caller) {
    return { sku, caller: caller.clientId };
  }

  @Post()
  @RequireScopes('read:stock')
  count(@Body() skus: string[]) {
    return { count: skus.length };
  }

  @Get(':sku/price')
  @RequireScopes('read:prices')
  price() {
    return {};
  }
}

@Module({})
class CalleeModule {}

const keyPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
let issuer: LoopbackIssuer;
let closers: (() => Promise<unknown>)[];

beforeEach(async () => {
  issuer = await LoopbackIssuer.start({
    apis: [{ audience, scopes }],
    clients: [
      { clientId: 'orders' },
      { clientId: 'billing', publicKey: createPublicKey(keyPair.privateKey).export({ format: 'jwk' }) },
    ],
  });
  closers = [() => issuer.close()];
});

afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function startService(auth: Partial<AuthModuleOptions> = {}, https?: object): Promise<string> {
  const guard = AuthModule.forRoot({ issuer: issuer.issuer, audience, ...auth });
  const adapter = new FastifyAdapter((https && { https }) as object);
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: CalleeModule, imports: [guard], controllers: [StockController] },
    adapter,
    { logger: false },
  );
  await app.listen(0, '127.0.0.1');
  closers.push(() => app.close());
  return app.getUrl();
}

async function startCaller(baseUrl: string, extra: Partial<M2mModuleOptions> = {}) {
  const app = await startApp({
    issuer: issuer.issuer,
    clientId: 'orders',
    clientSecret: issuer.clientSecret('orders'),
    connections: { inventory: { baseUrl, audience, scopes } },
    ...extra,
  });
  closers.push(() => app.close());
  return app;
}

type App = Awaited<ReturnType<typeof startApp>>;
const get = async ({ http }: App, path = '/stock/apple') =>
  (await firstValueFrom(http.get<unknown>(path))).data;
const post = async ({ fetch }: App) => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '["a","b"]' };
  return (await fetch('/stock', init)).json();
};

describe('a service of @countersign/guards', () => {
  it('lets a caller in, and tells it which scope is missing', async () => {
    const app = await startCaller(await startService());
    expect(await get(app)).toEqual({ sku: 'apple', caller: 'orders' });
    const error = await errorOf(get(app, '/stock/apple/price'));
    expect(error.message).toContain('lacks read:prices');
    issuer.expectMints(1);
  });

  it('that asks for DPoP and its own nonces gets them, over axios and fetch', async () => {
    const dpop = { nonces: new RollingDpopNonces(randomBytes(32)) };
    const url = await startService({ sender: { required: true, dpop } });
    const app = await startCaller(url, { dpop: true });
    expect(await post(app)).toEqual({ count: 2 });
    expect(await get(app)).toEqual({ sku: 'apple', caller: 'orders' });
    issuer.expectMints(1);
    const bearer = await startCaller(url);
    expect(await errorOf(get(bearer))).toMatchObject({ status: 401 });
  });

  it('that lost its keys to another token is asked once more with a fresh one', async () => {
    const url = await startService();
    const app = await startCaller(url);
    issuer.fault('token', { kind: 'skew', seconds: -7_200 }, { times: 1 });
    expect(await get(app)).toEqual({ sku: 'apple', caller: 'orders' });
    issuer.expectMints(2);
  });
});

describe('a client of the loopback issuer', () => {
  it('proves itself by a private key, with another assertion each time', async () => {
    const privateKey = keyPair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const app = await startCaller(await startService(), {
      clientId: 'billing',
      clientSecret: undefined,
      privateKey,
    });
    expect(await get(app)).toEqual({ sku: 'apple', caller: 'billing' });
    await app.tokens.getToken({ audience });
    issuer.expectMints(2);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const stranger = await startCaller(await startService(), {
      clientId: 'billing',
      clientSecret: undefined,
      privateKey: other.export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
    expect(await errorOf(get(stranger))).toMatchObject({ code: 'client_rejected' });
  });

  it('goes on with a rotated secret without a restart, as its file says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'm2m-secret-'));
    closers.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'secret');
    await writeFile(file, issuer.clientSecret('orders'));
    const app = await startCaller(await startService(), { clientSecret: { file } });
    await get(app);
    await writeFile(file, issuer.rotateSecret('orders'));
    expect((await app.tokens.getToken({ audience })).audience).toBe(audience);
    issuer.expectMints(2);
  });

  it('goes on with the next secret before its file says so', async () => {
    const former = issuer.clientSecret('orders');
    const app = await startCaller(await startService(), {
      clientSecret: former,
      nextClientSecret: issuer.rotateSecret('orders'),
    });
    expect(await get(app)).toEqual({ sku: 'apple', caller: 'orders' });
  });
});

describe('a service of @countersign/guards over TLS', () => {
  it('accepts tokens that are bound to the certificate of the connection, and no stolen ones', async () => {
    const authority = await startAuthority();
    const [server, own, foreign] = await Promise.all(
      ['server', 'orders', 'thief'].map((name) => authority.issue(name)),
    );
    const url = await startService(
      { sender: { required: true, mtls: true } },
      {
        cert: server?.certificate,
        key: server?.key,
        ca: authority.ca,
        requestCert: true,
        rejectUnauthorized: false,
      },
    );
    const { tokensBoundTo } = await import('./support/bound-tokens.js');
    const tokens = await tokensBoundTo(issuer, own?.certificate ?? '', { audience, scopes });
    const call = async (identity: typeof own) => {
      const { createHttpService } = await import('../src/lib/http/create-http-service.js');
      const { connectionOf } = await import('../src/lib/http/connection.js');
      const { SenderBinding } = await import('../src/lib/sender/sender-binding.js');
      const { systemClock } = await import('../src/index.js');
      const mtls = { certificate: identity?.certificate ?? '', key: identity?.key ?? '', ca: authority.ca };
      const sender = new SenderBinding({ mtls }, systemClock);
      closers.push(async () => sender.onModuleDestroy());
      const http = createHttpService(
        connectionOf('inventory', { baseUrl: url, audience, scopes }),
        tokens,
        sender,
      );
      return (await firstValueFrom(http.get<unknown>('/stock/apple'))).data;
    };
    expect(await call(own)).toEqual({ sku: 'apple', caller: 'orders' });
    expect(await errorOf(call(foreign))).toMatchObject({ status: 401 });
  });
});
