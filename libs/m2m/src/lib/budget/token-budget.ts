/** How many tokens this client means to ask for: by all instances together where they share a store. */
export interface TokenBudget {
  /** Tokens in a period. */
  readonly limit: number;
  /** The period, which begins with its first token; a month has 30 days, a number is in milliseconds. */
  readonly per: 'hour' | 'day' | 'month' | number;
  /**
   * Whether no token is asked for past the limit: then `quota_exhausted`, where no token that still lives bridges it.
   * Instances that ask at once may each pass it by one. Default false: the budget warns, and stops nothing.
   */
  readonly hard?: boolean;
}

const hour = 3_600_000;
const periods = { hour, day: 24 * hour, month: 30 * 24 * hour } as const;

/** The period of a budget, in milliseconds. */
export const periodOf = ({ per }: TokenBudget): number => (typeof per === 'number' ? per : periods[per]);

/** What is wrong with a budget, a sentence part each; empty: nothing. */
export function budgetProblems(budget: TokenBudget): string[] {
  const period = periodOf(budget) as number | undefined;
  return [
    ...(Number.isSafeInteger(budget.limit) && budget.limit > 0
      ? []
      : ['limit must be a whole number of tokens, 1 or more']),
    ...(period !== undefined && period >= 1_000 && period <= 366 * 24 * hour
      ? []
      : ['per must be hour, day, month, or from a second to 366 days in milliseconds']),
  ];
}
