import { BudgetedMinter } from '../budget/budgeted-minter.js';
import type { TokenBudget } from '../budget/token-budget.js';
import { SharedMinter, type SharedTokensOptions } from '../store/shared-minter.js';
import { StoreAccess } from '../store/store-access.js';
import type { Breaker } from './breaker.js';
import type { Clock } from './clock.js';
import { IssuerMinter } from './issuer-minter.js';
import { type RetryPolicy, retryPolicy } from './mint-with-retries.js';
import type { TokenEndpoint } from './minted-token.js';
import type { Minter } from './minter.js';
import type { TokenEventListener } from './token-event.js';

/** What the way of a token is built from. */
export interface MinterParts {
  readonly endpoint: TokenEndpoint;
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly retry: Partial<RetryPolicy> | undefined;
  readonly shared: SharedTokensOptions | undefined;
  readonly budget: TokenBudget | undefined;
  readonly onEvent: TokenEventListener;
}

/**
 * The way of a token: from the shared cache, where there is one; else within the budget from the authorization server,
 * with retries, through the breaker.
 */
export function buildMinter(parts: MinterParts): {
  readonly minter: Minter;
  readonly budgeted: BudgetedMinter;
} {
  const { endpoint, breaker, clock, retry, shared, budget, onEvent } = parts;
  const policy = { ...retryPolicy, ...retry };
  const access = shared && new StoreAccess(shared.store, clock, shared.timeout, onEvent);
  const budgeted = new BudgetedMinter(new IssuerMinter(endpoint, breaker, clock, policy), clock, {
    client: shared?.client.join(' ') ?? '',
    onEvent,
    ...(budget && { budget }),
    ...(access && { access }),
  });
  if (!shared || !access) return { minter: budgeted, budgeted };
  const times = { patience: policy.attemptTimeout, total: policy.totalTimeout };
  return { minter: new SharedMinter(shared, access, budgeted, clock, times, onEvent), budgeted };
}
