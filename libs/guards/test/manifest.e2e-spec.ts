import { Controller, Get, Post, VersioningType } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { expect, it } from 'vitest';
import {
  Authenticated,
  authManifest,
  CallerIs,
  Public,
  ReportOnly,
  RequireAnyScope,
  RequireScopes,
} from '../src/index.js';
import { appModule, createApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

@Controller('orders')
@CallerIs('inventory', 'storefront')
class OrdersController {
  @Get(':id')
  @RequireScopes('read:orders')
  find() {}

  @Post()
  @RequireAnyScope('write:orders', 'write:fulfilments')
  place() {}

  @Get('prices')
  @Public()
  prices() {}
}

@Controller('whoami')
class WhoamiController {
  @Get()
  @Authenticated()
  whoami() {}

  @Get('tried')
  @RequireScopes('read:orders')
  @ReportOnly('scope')
  tried() {}

  @MessagePattern({ cmd: 'sum' })
  @RequireScopes('read:orders')
  sum() {}
}

it('the manifest lists every route with what it requires, sorted', async () => {
  const issuer = await TestIssuer.start();
  const options = { issuer: issuer.url, audience: AUDIENCE, prefetch: false };
  const app = await createApp('fastify', appModule(options, [WhoamiController, OrdersController]));
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  await app.init();
  const callers = [['inventory', 'storefront']];
  const manifest = authManifest(app);
  expect(manifest).toEqual({
    'GET /api/v1/orders/:id': { allOf: ['read:orders'], callers },
    'GET /api/v1/orders/prices': 'public',
    'GET /api/v1/whoami': 'authenticated',
    'GET /api/v1/whoami/tried': { allOf: ['read:orders'], reportOnly: ['scope'] },
    'POST /api/v1/orders': { anyOf: [['write:orders', 'write:fulfilments']], callers },
    'RPC {"cmd":"sum"}': { allOf: ['read:orders'] },
  });
  expect(Object.keys(manifest)).toEqual(Object.keys(manifest).sort());
  await app.close();
  await issuer.close();
});
