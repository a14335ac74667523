import type { StoreAccess } from '../store/store-access.js';
import type { StoreCount } from '../store/token-store.js';
import type { Clock } from '../tokens/clock.js';
import type { QuotaBucket } from '../tokens/token-event.js';
import { periodOf, type TokenBudget } from './token-budget.js';

/** Keeps count of the tokens of a period: in the shared store, and here for when that is away. */
export class BudgetLedger {
  readonly #period: number;
  #own = { count: 0, endsAt: -Infinity };

  /** @param client names the client whose tokens are counted */
  constructor(
    private readonly budget: TokenBudget,
    private readonly client: string,
    private readonly clock: Clock,
    private readonly access: StoreAccess | undefined,
  ) {
    this.#period = periodOf(budget);
  }

  /**
   * Counts.
   *
   * @param by 1 for a token, 0 to look
   * @returns what is left; of all instances where the store answers, else of this one
   */
  async count(by: 0 | 1): Promise<QuotaBucket> {
    const { limit } = this.budget;
    const own = this.#countHere(by);
    const name = `budget ${this.#period} ${this.client}`;
    const shared = await this.access
      ?.ask((store) => store.count(name, this.#period, by))
      .then(plausible)
      .catch(() => undefined);
    const used = Math.max(own.count, shared?.count ?? 0);
    const reset = shared?.resetAfter ?? own.endsAt - this.clock.monotonic();
    return {
      name: 'budget',
      quota: limit,
      remaining: Math.max(0, limit - used),
      resetAfter: Math.ceil(reset / 1000),
    };
  }

  #countHere(by: number): { readonly count: number; readonly endsAt: number } {
    const now = this.clock.monotonic();
    if (now >= this.#own.endsAt) this.#own = { count: 0, endsAt: now + this.#period };
    this.#own.count += by;
    return this.#own;
  }
}

/** A count that can be one; a store that answers anything else is not believed. */
const plausible = (answer: StoreCount): StoreCount | undefined =>
  Number.isSafeInteger(answer.count) && answer.count >= 0 && answer.resetAfter > 0 ? answer : undefined;
