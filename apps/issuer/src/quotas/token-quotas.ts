import type { Client, TokenQuota } from '../directory/directory.js';
import type { TokenCountTable } from '../store/schema.js';
import type { Store } from '../store/store.js';

/** Length of each window, in seconds. */
const lengths = { per_hour: 3_600, per_day: 86_400 } as const;

type Window = TokenCountTable['window'];

/** How much of a quota is used. */
export interface QuotaUse {
  readonly window: Window;
  readonly quota: number;
  /** Tokens left in the window. */
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetAfter: number;
}

/** What a request for one token does to the client's quota. */
export interface QuotaAnswer {
  readonly exceeded: boolean;
  readonly uses: readonly QuotaUse[];
}

/**
 * Counts the tokens of the clients that have a quota, for every process on one store. A request counts before its token
 * is signed; one beyond the quota counts in no window.
 */
export class TokenQuotas {
  /** @param now seconds since the epoch */
  constructor(
    private readonly store: Store,
    private readonly now: () => number = () => Math.floor(Date.now() / 1000),
  ) {}

  /** Takes one token from the client's quota; `undefined` where it has none. */
  async take({ clientId, quota }: Client): Promise<QuotaAnswer | undefined> {
    const limits = quota ? limitsOf(quota) : [];
    if (limits.length === 0) return undefined;
    const now = this.now();
    return this.store.db.transaction().execute(async (transaction) => {
      const uses: QuotaUse[] = [];
      for (const [window, limit] of limits) {
        const startedAt = now - (now % lengths[window]);
        const { count } = await transaction
          .insertInto('token_counts')
          .values({ client_id: clientId, window, started_at: startedAt, count: 1 })
          .onConflict((clash) =>
            clash.columns(['client_id', 'window']).doUpdateSet((expression) => ({
              // What was counted in a former window does not count in this one.
              count: expression
                .case()
                .when('token_counts.started_at', '<', startedAt)
                .then(1)
                .else(expression('token_counts.count', '+', 1))
                .end(),
              started_at: startedAt,
            })),
          )
          .returning('count')
          .executeTakeFirstOrThrow();
        uses.push({
          window,
          quota: limit,
          remaining: limit - count,
          resetAfter: startedAt + lengths[window] - now,
        });
      }
      const exceeded = uses.some(({ remaining }) => remaining < 0);
      if (!exceeded) return { exceeded, uses };
      for (const { window } of uses) await giveBack(transaction, clientId, window);
      return { exceeded, uses: uses.map((use) => ({ ...use, remaining: Math.max(use.remaining + 1, 0) })) };
    });
  }
}

const giveBack = (db: Store['db'], clientId: string, window: Window) =>
  db
    .updateTable('token_counts')
    .set(({ eb }) => ({ count: eb('count', '-', 1) }))
    .where('client_id', '=', clientId)
    .where('window', '=', window)
    .execute();

const limitsOf = ({ perHour, perDay }: TokenQuota): readonly (readonly [Window, number])[] => [
  ...(perHour === undefined ? [] : [['per_hour', perHour] as const]),
  ...(perDay === undefined ? [] : [['per_day', perDay] as const]),
];

/** The value of Auth0's `Auth0-Client-Quota-Limit`: `b=per_hour;q=100;r=99;t=3600,b=per_day;…`. */
export const quotaHeader = ({ uses }: QuotaAnswer): string =>
  uses
    .map(
      ({ window, quota, remaining, resetAfter }) => `b=${window};q=${quota};r=${remaining};t=${resetAfter}`,
    )
    .join();

/** Seconds until every window that is used up has ended. */
export const retryAfter = ({ uses }: QuotaAnswer): number =>
  Math.max(1, ...uses.filter(({ remaining }) => remaining === 0).map(({ resetAfter }) => resetAfter));
