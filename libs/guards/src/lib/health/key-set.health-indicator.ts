import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { KeySetStatus } from '../keys/key-set-event.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';

/** When the keys count as unwell. */
export interface KeySetHealthOptions {
  /** The age from which a set is degraded although it can be used, in seconds. Default 3,600. */
  readonly degradedAfterSeconds?: number;
}

/**
 * Says whether the service can verify tokens, for `@nestjs/terminus`: `up` while there are fresh keys of every issuer,
 * `degraded` while some are old or could not be fetched again and are still in use, `down` once an issuer has no
 * usable keys, so that its tokens are answered 503.
 *
 * A degraded service does its work and stays in rotation: an outage of the issuer takes no service down with it. What
 * it answers holds no key and no reason of a failure.
 *
 * @example
 * ```ts
 * @Module({ imports: [TerminusModule], controllers: [HealthController], providers: [KeySetHealthIndicator] })
 *
 * @Get('ready') @Public() @HealthCheck()
 * ready() {
 *   return this.health.check([() => this.keySets.isHealthy('keys')]);
 * }
 * ```
 */
@Injectable()
export class KeySetHealthIndicator {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /**
   * The state of the keys of every issuer.
   *
   * @param key the name of the check in the answer
   */
  isHealthy<const Key extends string>(
    key: Key,
    { degradedAfterSeconds = 3_600 }: KeySetHealthOptions = {},
  ): HealthIndicatorResult<Key> {
    const sets = this.verifier.keySets();
    const data = { issuers: Object.fromEntries(sets.map((set) => [set.issuer, summary(set)])) };
    const session = this.indicators.check(key);
    if (sets.some(({ usable }) => !usable)) return session.down(data);
    const unwell = sets.some(
      ({ ageSeconds = 0, lastError }) => lastError !== undefined || ageSeconds > degradedAfterSeconds,
    );
    return unwell ? session.degraded(data) : session.up(data);
  }
}

function summary({ usable, keys, ageSeconds }: KeySetStatus): object {
  return { usable, keys, ...(ageSeconds !== undefined && { ageSeconds: Math.floor(ageSeconds) }) };
}
