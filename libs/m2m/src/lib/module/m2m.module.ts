import type { CalleeName } from '@countersign/contract';
import type { HttpService } from '@nestjs/axios';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { createFetch } from '../fetch/create-fetch.js';
import type { M2mFetch } from '../fetch/m2m-fetch.js';
import { createHttpService } from '../http/create-http-service.js';
import { Preflight } from '../preflight/preflight.js';
import { SenderBinding } from '../sender/sender-binding.js';
import { systemClock } from '../tokens/clock.js';
import { findConnection } from './find-connection.js';
import { fetchToken } from './inject-m2m-fetch.decorator.js';
import { connectionToken } from './inject-m2m.decorator.js';
import type { M2mModuleOptions } from './m2m-module-options.js';
import { M2mTokens } from './m2m-tokens.js';
import { WarmUp } from './warm-up.js';
import { provideTokenStore } from './token-store.provider.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './m2m.module-definition.js';

/** What tokens are bound to; wrong options are reported by {@link M2mTokens}, all at once. */
const provideSender: Provider = {
  provide: SenderBinding,
  inject: [MODULE_OPTIONS_TOKEN],
  useFactory: (options: M2mModuleOptions) => new SenderBinding(options, options.clock ?? systemClock),
};

/**
 * Outgoing calls with machine-to-machine access tokens.
 *
 * @example
 * ```ts
 * @Module({ imports: [M2mModule.forRoot(config.m2m), M2mModule.forFeature(['inventory'])] })
 * export class AppModule {}
 * ```
 */
@Module({
  providers: [M2mTokens, WarmUp, Preflight, provideSender, provideTokenStore],
  exports: [M2mTokens, SenderBinding, MODULE_OPTIONS_TOKEN],
})
export class M2mModule extends ConfigurableModuleClass {
  /**
   * Provides each connection as an authenticated `HttpService`, for `@InjectM2m(callee)`, and as a `fetch`, for
   * `@InjectM2mFetch(callee)`.
   *
   * @param callees as the contract's `calls` names them
   * @throws M2mError `connection_unknown` at boot, with the list of choices
   */
  static forFeature(callees: readonly CalleeName[]): DynamicModule {
    const providers = callees.flatMap(provideConnection);
    return { module: M2mConnectionsModule, providers, exports: providers };
  }
}

/** Holds the connections of one `forFeature`. */
@Module({})
class M2mConnectionsModule {}

const dependencies = [MODULE_OPTIONS_TOKEN, M2mTokens, SenderBinding];

const provideConnection = (callee: CalleeName): Provider[] => [
  {
    provide: connectionToken(callee),
    inject: dependencies,
    useFactory: (options: M2mModuleOptions, tokens: M2mTokens, sender: SenderBinding): HttpService =>
      createHttpService(findConnection(options, callee), tokens, sender),
  },
  {
    provide: fetchToken(callee),
    inject: dependencies,
    useFactory: (options: M2mModuleOptions, tokens: M2mTokens, sender: SenderBinding): M2mFetch =>
      createFetch(findConnection(options, callee), tokens, sender),
  },
];
