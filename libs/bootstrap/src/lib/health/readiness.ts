import { Injectable, Logger } from '@nestjs/common';

/** Resolves where a part of the service can do its work; rejects with the reason where it cannot. */
export type ReadinessCheck = (options: { readonly signal: AbortSignal }) => void | Promise<void>;

/**
 * Whether a service is ready for requests. A module that a service cannot work without injects this and adds its check.
 *
 * @example
 * ```ts
 * constructor(readiness: Readiness, private readonly pool: Pool) {
 *   readiness.add('database', async () => void (await this.pool.query('select 1')));
 * }
 * ```
 */
@Injectable()
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();
  readonly #down = new Set<string>();
  readonly #logger = new Logger(Readiness.name);
  #stopping = false;

  /** Whether the service has begun to stop. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** The checks, by name. */
  get checks(): ReadonlyMap<string, ReadinessCheck> {
    return this.#checks;
  }

  /**
   * Adds a check. It is given 2 seconds, and its answer is kept for 1 second.
   *
   * @param name as it stands in the answer of `/health/ready`
   * @throws Error where the name is taken
   */
  add(name: string, check: ReadinessCheck): void {
    if (this.#checks.has(name)) throw new Error(`There is already a readiness check named "${name}".`);
    this.#checks.set(name, async (options) => {
      try {
        await check(options);
        if (this.#down.delete(name)) this.#logger.log(`${name} is ready again`);
      } catch (error) {
        if (!this.#down.has(name)) this.#logger.warn({ msg: `${name} is not ready`, err: error });
        this.#down.add(name);
        throw new Error('not ready', { cause: error });
      }
    });
  }

  /** From now on the service is not ready. */
  stop(): void {
    this.#stopping = true;
  }
}
