import { AuthModule, RequireScopes } from '@countersign/guards';
import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { type ServerConfig } from '../config.js';
import { type Variant } from '../variant.js';

@Module({})
class GuardedModule {}

function controller(scope: string): new () => object {
  @Controller()
  class GuardedController {
    @Get('things')
    @RequireScopes(scope)
    list(): { things: string[] } {
      return { things: ['one', 'two'] };
    }
  }
  return GuardedController;
}

function guardedModule(config: ServerConfig, cacheSize?: number): DynamicModule {
  const { issuer, jwksUri, audience, scope } = config;
  return {
    module: GuardedModule,
    imports: [
      AuthModule.forRoot({
        issuers: [{ issuer, jwksUri, algorithms: ['RS256', 'ES256', 'EdDSA'] }],
        audience,
        cacheSize,
      }),
    ],
    controllers: [controller(scope)],
  };
}

/** `AuthModule` with its defaults. */
export const countersign: Variant = {
  label: '@countersign/guards',
  module: (config) => guardedModule(config),
};

/** `AuthModule` without its cache of verified tokens: each request verifies in full. */
export const countersignUncached: Variant = {
  label: '@countersign/guards, cache off',
  module: (config) => guardedModule(config, 0),
};
