import type { HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  connectionToken,
  fetchToken,
  type M2mFetch,
  M2mModule,
  type M2mModuleOptions,
  M2mTokens,
} from '../../src/index.js';
import type { TestCallee } from './callee.js';
import type { TestIssuer } from './issuer.js';

export const audience = 'https://inventory.countersign.example';
export const clientSecret = 'secret-of-orders-0123456789abcdef';

export const optionsFor = (
  issuer: TestIssuer,
  callee: TestCallee,
  extra: Partial<M2mModuleOptions> = {},
): M2mModuleOptions => ({
  service: 'orders',
  issuer: issuer.issuer,
  clientId: 'orders',
  clientSecret,
  connections: { inventory: { baseUrl: callee.url, audience, scopes: ['read:stock', 'write:reservations'] } },
  ...extra,
});

@Module({})
class RootModule {}

/** A Nest application with one connection. */
export async function startApp(options: M2mModuleOptions, callees: string[] = ['inventory']) {
  const app = await NestFactory.createApplicationContext(
    { module: RootModule, imports: [M2mModule.forRoot(options), M2mModule.forFeature(callees)] },
    { logger: false, abortOnError: false },
  );
  return {
    http: app.get<HttpService>(connectionToken('inventory'), { strict: false }),
    fetch: app.get<M2mFetch>(fetchToken('inventory'), { strict: false }),
    tokens: app.get(M2mTokens),
    close: () => app.close(),
  };
}
