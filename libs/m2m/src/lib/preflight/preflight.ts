import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { M2mError } from '../errors/m2m-error.js';
import { connectionOf } from '../http/connection.js';
import type { M2mModuleOptions } from '../module/m2m-module-options.js';
import { M2mTokens } from '../module/m2m-tokens.js';
import { MODULE_OPTIONS_TOKEN } from '../module/m2m.module-definition.js';
import { M2mPreflightError, type PreflightFailure } from './preflight-error.js';

/**
 * Asks for the token of each connection once, before the app listens, where the option `preflight` says so. A grant, a
 * scope or a credential that is missing stops the boot; what may pass by itself is logged, and the app starts.
 */
@Injectable()
export class Preflight implements OnApplicationBootstrap {
  readonly #logger = new Logger('M2mPreflight');

  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: M2mModuleOptions,
    private readonly tokens: M2mTokens,
  ) {}

  /** @throws M2mPreflightError `preflight_failed`, with every connection that cannot be called */
  async onApplicationBootstrap(): Promise<void> {
    const { preflight = false, connections } = this.options;
    if (!preflight) return;
    const names = Object.keys(connections)
      .filter((name) => !connections[name]?.exchange)
      .sort();
    const failures = (await Promise.all(names.map((name) => this.#ask(name)))).flat();
    const lasting = failures.filter(({ error }) => !error.transient);
    if (lasting.length > 0) throw new M2mPreflightError(lasting);
    for (const { connection, error } of failures)
      this.#logger.warn(`${connection} could not be checked: ${error.message}`);
  }

  async #ask(connection: string): Promise<PreflightFailure[]> {
    const options = this.options.connections[connection];
    if (options === undefined) return [];
    try {
      await this.tokens.getToken(connectionOf(connection, options).request);
      return [];
    } catch (error) {
      if (error instanceof M2mError) return [{ connection, error }];
      throw error;
    }
  }
}
