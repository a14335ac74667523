import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { BootAudit } from '../audit/boot-audit.js';
import { AccessTokenGuard } from '../guards/access-token.guard.js';
import { AudienceGuard } from '../guards/audience.guard.js';
import { ScopesGuard } from '../guards/scopes.guard.js';
import { MetadataRoute } from '../metadata/metadata-route.js';
import { ExpressRequests } from '../requirement/express-requests.js';
import { StreamLifetimes } from '../streams/stream-lifetimes.js';
import { peerExceptions } from '../transports/peer-exceptions.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { AuthModuleOptions } from './auth-module-options.js';
import { AUTH_SETTINGS, AuthSettings } from './auth-settings.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './auth.module-definition.js';
import { type CheckedAuth, checkOptions } from './check-options.js';
import { JwtStrategy } from './jwt.strategy.js';

const CHECKED_AUTH = Symbol('countersign.checked-auth');

/**
 * Guards the whole app: import it once, in the root module. It installs `AccessTokenGuard`, `AudienceGuard` and
 * `ScopesGuard` in this order, and stops the boot when a handler declares no requirement.
 *
 * @throws AuthOptionsError `options_invalid` at boot, with every problem of the options at once
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     AuthModule.forRoot({ issuer: 'https://acme.eu.auth0.com/', audience: 'https://orders.acme.example' }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: CHECKED_AUTH,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: async (options: AuthModuleOptions): Promise<CheckedAuth> => {
        await peerExceptions.load();
        return checkOptions(options);
      },
    },
    {
      provide: AUTH_SETTINGS,
      inject: [CHECKED_AUTH],
      useFactory: ({ options, verifier }: CheckedAuth) => new AuthSettings(options, verifier),
    },
    {
      provide: AccessTokenVerifier,
      inject: [CHECKED_AUTH],
      useFactory: ({ verifier }: CheckedAuth) => verifier,
    },
    JwtStrategy,
    AccessTokenGuard,
    AudienceGuard,
    ScopesGuard,
    { provide: APP_GUARD, useExisting: AccessTokenGuard },
    { provide: APP_GUARD, useExisting: AudienceGuard },
    { provide: APP_GUARD, useExisting: ScopesGuard },
    BootAudit,
    ExpressRequests,
    StreamLifetimes,
    MetadataRoute,
  ],
  exports: [AUTH_SETTINGS, AccessTokenVerifier, JwtStrategy, AccessTokenGuard, AudienceGuard, ScopesGuard],
})
export class AuthModule extends ConfigurableModuleClass implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(AUTH_SETTINGS) private readonly settings: AuthSettings,
    private readonly verifier: AccessTokenVerifier,
  ) {
    super();
  }

  onModuleInit(): void {
    if (this.settings.prefetch) void this.verifier.prefetch();
  }

  onModuleDestroy(): void {
    this.verifier.close();
  }
}
