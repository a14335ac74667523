import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { connectionOf } from '../http/connection.js';
import { systemClock } from '../tokens/clock.js';
import type { TokenRequest } from '../tokens/token-request.js';
import type { M2mModuleOptions } from './m2m-module-options.js';
import { M2mTokens } from './m2m-tokens.js';
import { MODULE_OPTIONS_TOKEN } from './m2m.module-definition.js';

const defaultJitter = 2_000;

/**
 * Gets the token of each connection when the app has started, each after a random pause, so that the first call need not
 * wait and replicas do not ask at once. It holds up no boot; a failure is in the log, and the first call tries again.
 */
@Injectable()
export class WarmUp implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stopped = new AbortController();

  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: M2mModuleOptions,
    private readonly tokens: M2mTokens,
  ) {}

  onApplicationBootstrap(): void {
    const { warmUp = false, connections } = this.options;
    if (warmUp === false) return;
    const jitter = warmUp === true ? defaultJitter : warmUp.jitter;
    for (const [name, connection] of Object.entries(connections))
      if (!connection.exchange)
        this.#get(connectionOf(name, connection).request, jitter).catch(() => undefined);
  }

  /** Ends what has not begun. */
  onModuleDestroy(): void {
    this.#stopped.abort(new Error('the app stops'));
  }

  async #get(request: TokenRequest, jitter: number): Promise<void> {
    const { clock = systemClock } = this.options;
    const { signal } = this.#stopped;
    await clock.delay(clock.random() * jitter, signal);
    await this.tokens.getToken({ ...request, signal });
  }
}
