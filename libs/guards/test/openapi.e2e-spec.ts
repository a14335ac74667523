import { Controller, Get, Param, Post, VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, AuthModule, CallerIs, Public, RequireAnyScope, RequireScopes } from '../src/index.js';
import { secureDocument } from '../src/openapi.js';
import { ADAPTERS, appModule, createApp } from './support/app.js';
import { TestIssuer } from './support/issuer.js';

const contract = {
  service: 'orders',
  audience: 'https://orders.example',
  scopes: { 'read:orders': 'Read any order', 'write:orders': 'Place and cancel orders' },
};

@Controller('orders')
class OrdersController {
  @Get(':id')
  @RequireScopes('read:orders')
  find(@Param('id') id: string) {
    return { id };
  }

  @Post()
  @RequireScopes('write:orders')
  @RequireAnyScope('read:orders', 'write:orders')
  @CallerIs('storefront')
  place() {
    return {};
  }

  @Get()
  @RequireAnyScope('read:orders', 'write:orders')
  list() {
    return [];
  }

  @Get('me/whoami')
  @Authenticated()
  whoami() {
    return {};
  }

  @Get('me/prices')
  @Public()
  prices() {
    return {};
  }
}

describe.each(ADAPTERS)('secureDocument on %s', (adapter) => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
  });
  afterAll(() => issuer?.close());

  async function documentOf(versioned: boolean, tokenUrl?: string) {
    const app = await createApp(adapter, appModule({ issuer: issuer.url, contract }, [OrdersController]));
    if (versioned) {
      app.setGlobalPrefix('api');
      app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    }
    await app.init();
    const config = new DocumentBuilder().setTitle('orders').build();
    const document = secureDocument(app, SwaggerModule.createDocument(app, config), {
      ...(tokenUrl && { tokenUrl }),
    });
    await app.close();
    return document;
  }

  it('describes the security scheme with the scopes of the contract', async () => {
    const document = await documentOf(false);
    expect(document.components?.securitySchemes?.['oauth2']).toEqual({
      type: 'oauth2',
      description: `A bearer token of ${issuer.url} for the audience https://orders.example.`,
      flows: { clientCredentials: { tokenUrl: `${issuer.url}oauth/token`, scopes: contract.scopes } },
    });
    expect(document.components?.securitySchemes?.['accessToken']).toMatchObject({
      type: 'http',
      scheme: 'bearer',
    });
    const other = await documentOf(false, 'https://elsewhere.example/token');
    expect(other.components?.securitySchemes?.['oauth2']).toMatchObject({
      flows: { clientCredentials: { tokenUrl: 'https://elsewhere.example/token' } },
    });
  });

  it.each([false, true])(
    'writes the requirement of each operation (prefix and version: %s)',
    async (versioned) => {
      const { paths } = await documentOf(versioned);
      const base = versioned ? '/api/v1/orders' : '/orders';
      expect(paths[`${base}/{id}`]?.get?.security).toEqual([
        { oauth2: ['read:orders'] },
        { accessToken: [] },
      ]);
      expect(paths[base]?.post?.security).toEqual([
        { oauth2: ['write:orders', 'read:orders'] },
        { oauth2: ['write:orders'] },
        { accessToken: [] },
      ]);
      expect(paths[base]?.get?.security).toEqual([
        { oauth2: ['read:orders'] },
        { oauth2: ['write:orders'] },
        { accessToken: [] },
      ]);
      expect(paths[`${base}/me/whoami`]?.get?.security).toEqual([{ oauth2: [] }, { accessToken: [] }]);
      expect(paths[`${base}/me/prices`]?.get?.security).toEqual([]);
    },
  );

  it('reads the same in preview mode, where nothing is constructed', async () => {
    const module = appModule({ issuer: issuer.url, contract }, [OrdersController]);
    const http = adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
    const app = await NestFactory.create(module, http, { preview: true, logger: false });
    const config = new DocumentBuilder().setTitle('orders').build();
    expect(secureDocument(app, SwaggerModule.createDocument(app, config))).toEqual(await documentOf(false));
    await app.close();
  });

  it('lists the refusals of a guarded operation, and none of a public one', async () => {
    const { paths } = await documentOf(false);
    expect(Object.keys(paths['/orders']?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '400', '401', '403', '503']),
    );
    expect(paths['/orders']?.post?.responses['403']).toMatchObject({
      description: expect.stringContaining('the client storefront') as string,
    });
    expect(Object.keys(paths['/orders/me/whoami']?.get?.responses ?? {})).not.toContain('403');
    expect(Object.keys(paths['/orders/me/prices']?.get?.responses ?? {})).toEqual(['200']);
  });
});

describe('secureDocument in preview mode', () => {
  it('refuses where a factory makes the options, which it cannot run', async () => {
    const useFactory = () => ({ issuer: 'https://issuer.example/', audience: 'https://orders.example' });
    class AppModule {}
    const module = { module: AppModule, imports: [AuthModule.forRootAsync({ useFactory })] };
    const app = await NestFactory.create(module, new FastifyAdapter(), { preview: true, logger: false });
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(() => secureDocument(app, document)).toThrow('use forRoot');
    await app.close();
  });
});
