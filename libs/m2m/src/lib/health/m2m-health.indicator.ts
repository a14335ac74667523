import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { M2mTokens } from '../module/m2m-tokens.js';
import { tokenHealth } from './token-health.js';

/** What may be said of a check. */
export interface M2mHealthOptions {
  /**
   * What an audience without a token to use counts as. Default `down`; `degraded` for a service that has other work to
   * do while its outgoing calls fail.
   */
  readonly withoutToken?: 'down' | 'degraded';
}

/**
 * Health of the outgoing tokens for `@nestjs/terminus`. It asks nobody anything: it tells what the last token requests
 * came to, by audience. While a token can still be used, an authorization server that is away is `degraded` and no more.
 *
 * @example
 * ```ts
 * health.check([() => m2m.check()]) // { m2m: { status: 'degraded', 'https://…': 'usable for 47 min, issuer_unreachable' } }
 * ```
 */
@Injectable()
export class M2mHealthIndicator {
  constructor(
    private readonly tokens: M2mTokens,
    private readonly indicator: HealthIndicatorService,
  ) {}

  /** @param key the name in the result; default `m2m` */
  check<Key extends string = 'm2m'>(
    key: Key = 'm2m' as Key,
    { withoutToken = 'down' }: M2mHealthOptions = {},
  ): HealthIndicatorResult<Key> {
    const audiences = this.tokens
      .stats()
      .map((stats) => ({ ...tokenHealth(stats), audience: stats.audience }));
    const found = new Set(audiences.map(({ status }) => (status === 'down' ? withoutToken : status)));
    const worst = (['down', 'degraded'] as const).find((status) => found.has(status)) ?? 'up';
    const details = Object.fromEntries(audiences.map(({ audience, text }) => [audience, text]));
    const session = this.indicator.check(key);
    if (worst === 'up') return session.up(details);
    return worst === 'degraded' ? session.degraded(details) : session.down(details);
  }
}
