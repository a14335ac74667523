import type { HttpService } from '@nestjs/axios';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InjectM2m, M2mModule, type M2mModuleOptions } from '../src/index.js';
import { audience, optionsFor, startApp } from './support/app.js';
import { startCallee, type TestCallee } from './support/callee.js';
import { startIssuer, type TestIssuer } from './support/issuer.js';
import { errorOf } from './support/leaks.js';

let issuer: TestIssuer;
let callee: TestCallee;

beforeEach(async () => {
  issuer = await startIssuer();
  callee = await startCallee();
});

afterEach(async () => {
  await issuer.close();
  await callee.close();
});

@Injectable()
class StockClient {
  constructor(@InjectM2m('inventory') private readonly http: HttpService) {}

  async get(): Promise<number> {
    return (await firstValueFrom(this.http.get('/'))).status;
  }
}

@Module({ imports: [M2mModule.forFeature(['inventory'])], providers: [StockClient], exports: [StockClient] })
class FeatureModule {}

@Module({})
class RootModule {}

describe('M2mModule', () => {
  it('gives a feature its connection, with options from a factory', async () => {
    const root = M2mModule.forRootAsync({ useFactory: () => Promise.resolve(optionsFor(issuer, callee)) });
    const app = await NestFactory.createApplicationContext(
      { module: RootModule, imports: [root, FeatureModule] },
      { logger: false },
    );
    expect(await app.get(StockClient).get()).toBe(200);
    await app.close();
  });

  it('two connections have a client and a token each', async () => {
    const orders = { baseUrl: `${callee.url}/orders`, audience: 'https://orders.example' };
    const options = optionsFor(issuer, callee);
    const app = await startApp({ ...options, connections: { ...options.connections, orders } }, [
      'inventory',
      'orders',
    ]);
    await firstValueFrom(app.http.get('/'));
    expect(app.http.axiosRef.defaults.baseURL).toBe(`${callee.url}/`);
    expect(app.tokens.stats().map((stats) => stats.audience)).toEqual([audience]);
    await app.close();
  });

  it('boots while the issuer is down', async () => {
    await issuer.close();
    const app = await startApp(optionsFor(issuer, callee));
    expect(app.tokens.stats()).toEqual([]);
    await app.close();
  });

  it('an unknown connection stops the boot with the list of choices', async () => {
    const error = await errorOf(startApp(optionsFor(issuer, callee), ['inventory', 'billing', 'toString']));
    expect(error).toMatchObject({ code: 'connection_unknown' });
    expect(error.message).toContain('no connection billing. Choices: inventory.');
  });

  it('names every problem of its options at once', async () => {
    const error = await errorOf(
      startApp({
        issuer: 'http://tenant.example/',
        clientId: '',
        provider: 'other',
        connections: { inventory: { baseUrl: 'ftp://x', audience: '', timeout: 0, maxResponseBytes: 0 } },
      } as unknown as M2mModuleOptions),
    );
    expect(error).toMatchObject({
      code: 'options_invalid',
      problems: [
        'issuer must be an https URL: the client secret is sent there.',
        'provider must be one of auth0, rfc9068, keycloak, okta, entra, cognito, hydra.',
        'clientId is not set: it is the id of this service at the authorization server.',
        'clientSecret or privateKey must be set: without one this service cannot prove who it is.',
        'connections.inventory.baseUrl must be an http or https URL.',
        "connections.inventory.audience is not set: it is the identifier of the callee's API.",
        'connections.inventory.timeout must be from 1 to 600000 milliseconds.',
        'connections.inventory.maxResponseBytes must be more than 0.',
      ],
    });
  });
});
