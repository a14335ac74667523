import { M2mError } from '../errors/m2m-error.js';
import type { StoreAccess } from '../store/store-access.js';
import { Background } from '../tokens/background.js';
import type { Clock } from '../tokens/clock.js';
import type { Minter, TimedToken, TokenNeed } from '../tokens/minter.js';
import type { QuotaBucket } from '../tokens/token-event.js';
import type { TokenRequest } from '../tokens/token-request.js';
import { BudgetLedger } from './budget-ledger.js';
import type { QuotaEvent } from './quota-event.js';
import { type Quota, QuotaWatch } from './quota-watch.js';
import type { TokenBudget } from './token-budget.js';

/** What tokens are counted against, and who hears of it. */
export interface BudgetOptions {
  /** This service's own limit, where there is one. */
  readonly budget?: TokenBudget;
  /** Names the client to other instances. */
  readonly client: string;
  /** Where instances count together, where they do. */
  readonly access?: StoreAccess;
  readonly onEvent?: (event: QuotaEvent) => void;
}

/** Counts every token that is asked for, watches what the authorization server says of its quota, and warns in time. */
export class BudgetedMinter implements Minter {
  readonly #ledger: BudgetLedger | undefined;
  readonly #watch: QuotaWatch;
  readonly #background = new Background();

  constructor(
    private readonly inner: Minter,
    clock: Clock,
    private readonly options: BudgetOptions,
  ) {
    const { budget, client, access } = options;
    this.#ledger = budget && new BudgetLedger(budget, client, clock, access);
    this.#watch = new QuotaWatch(clock, (event) => this.#background.add(this.#tell(event)));
  }

  async obtain(request: TokenRequest, need: TokenNeed): Promise<TimedToken> {
    if (this.options.budget?.hard) await this.#refusePastLimit(request);
    const timed = await this.inner.obtain(request, need);
    for (const quota of timed.minted.quota ?? []) this.#watch.see({ source: 'server', ...quota });
    if (this.#ledger) this.#background.add(this.#ledger.count(1).then((left) => this.#seeBudget(left)));
    return timed;
  }

  /** The quotas as they were seen last. */
  quotas(): Quota[] {
    return this.#watch.quotas();
  }

  async idle(): Promise<void> {
    await this.#background.idle();
  }

  async #refusePastLimit({ audience }: TokenRequest): Promise<void> {
    const left = await this.#ledger?.count(0);
    if (left === undefined || left.remaining > 0) return;
    this.#seeBudget(left);
    throw new M2mError(
      'quota_exhausted',
      `No token for ${audience} was asked for: the budget of ${left.quota} tokens is used up for another ${left.resetAfter} s. Raise budget.limit, or see by stats() which audience takes so many.`,
      { audience, retryAfter: left.resetAfter },
    );
  }

  #seeBudget(left: QuotaBucket): void {
    this.#watch.see({ source: 'budget', ...left });
  }

  /** Tells of a share, unless another instance did. */
  async #tell(event: QuotaEvent): Promise<void> {
    const { access, client, onEvent } = this.options;
    const { source, name, share, resetAfter } = event;
    const period = Math.max(1, resetAfter) * 1000;
    const told = await access
      ?.ask((store) => store.count(`told ${source} ${name} ${share} ${client}`, period, 1))
      .catch(() => undefined);
    if (told === undefined || told.count === 1) onEvent?.(event);
  }
}
