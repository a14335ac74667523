import { Controller, Get, Injectable, Module, type NestApplicationOptions, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Authenticated, AuthModule, CallerIs, Public, RequireScopes } from '../../src/index.js';
import { AUDIENCE } from './issuer.js';

/** What was constructed so far: a preview constructs nothing. */
export const constructed: string[] = [];

@Injectable()
class Connection {
  constructor() {
    constructed.push('Connection');
  }
}

@Controller('orders')
class OrdersController {
  @Get(':id')
  @RequireScopes('read:orders')
  find() {}

  @Get('mine')
  @Authenticated()
  mine() {}

  @Post()
  @CallerIs('storefront')
  @RequireScopes('write:orders')
  place() {}

  @Get('prices')
  @Public()
  prices() {}
}

const options = () => ({ issuer: process.env['AUTH_ISSUER'], audience: AUDIENCE });

/** A service as `countersign-auth` finds it; with `ASYNC_OPTIONS`, a factory makes its options. */
export function createApp(application: NestApplicationOptions) {
  const auth = process.env['ASYNC_OPTIONS']
    ? AuthModule.forRootAsync({ useFactory: options })
    : AuthModule.forRoot(options());

  @Module({ imports: [auth], controllers: [OrdersController], providers: [Connection] })
  class AppModule {}
  return NestFactory.create(AppModule, new FastifyAdapter(), application);
}
