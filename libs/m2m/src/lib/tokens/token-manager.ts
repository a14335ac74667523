import { LRUCache } from 'lru-cache';
import type { BudgetedMinter } from '../budget/budgeted-minter.js';
import type { Quota } from '../budget/quota-watch.js';
import type { TokenBudget } from '../budget/token-budget.js';
import { asM2mError } from '../errors/as-m2m-error.js';
import type { M2mError } from '../errors/m2m-error.js';
import type { SharedTokensOptions } from '../store/shared-minter.js';
import { type AccessToken, fingerprintOf } from './access-token.js';
import type { Breaker } from './breaker.js';
import { buildMinter } from './build-minter.js';
import { type Clock, systemClock } from './clock.js';
import { cooldownAfter } from './cooldown.js';
import { endpointBreaker } from './endpoint-breaker.js';
import { hold, timesOf } from './hold.js';
import type { RetryPolicy } from './mint-with-retries.js';
import type { TokenEndpoint } from './minted-token.js';
import type { Minter, TimedToken } from './minter.js';
import { quietly } from './quietly.js';
import type { TokenEventListener } from './token-event.js';
import { copyOf, type GetTokenOptions, tokenKey, type TokenRequest } from './token-request.js';
import { TokenSlot } from './token-slot.js';
import { type HeldToken, stateOf } from './token-state.js';
import { statsOf, TokenCounters, type TokenStats } from './token-stats.js';
import { interrupted, waitFor } from './wait.js';

const sameTokenPause = 1_000;
const dropInterval = 60_000;

/** What may be set of a {@link TokenManager}. */
export interface TokenManagerOptions {
  /** Time and chance. Default: the machine's own. */
  readonly clock?: Clock;
  /** How many tokens are held; the least used goes first. Default 1,000. */
  readonly maxTokens?: number;
  /** How hard a token is tried for. */
  readonly retry?: Partial<RetryPolicy>;
  /** Shares tokens with other instances of this service. Default: each has its own. */
  readonly shared?: SharedTokensOptions;
  /** How many tokens this client means to ask for. Default: no limit of its own. */
  readonly budget?: TokenBudget;
  /** Is told what happens; what it throws changes nothing. Default none. */
  readonly onEvent?: TokenEventListener;
}

/**
 * Gets each token once, shares it, and renews it before it ends.
 *
 * There is at most one token request under way for a token. It has its own deadline; each caller waits with a signal of
 * its own, and giving up ends nobody else's wait. A token that still lives is served through an outage until it ends.
 *
 * @example
 * ```ts
 * const token = await manager.getToken({ audience: 'https://inventory.example', scopes: ['read:stock'] });
 * ```
 */
export class TokenManager {
  readonly #minter: Minter;
  readonly #budgeted: BudgetedMinter;
  readonly #breaker: Breaker;
  readonly #clock: Clock;
  readonly #chance: number;
  readonly #onEvent: TokenEventListener;
  readonly #slots: LRUCache<string, TokenSlot>;
  readonly #counters: LRUCache<string, TokenCounters>;

  constructor(
    endpoint: TokenEndpoint,
    { clock = systemClock, maxTokens = 1_000, retry, onEvent, shared, budget }: TokenManagerOptions = {},
  ) {
    this.#clock = clock;
    this.#onEvent = quietly(onEvent);
    this.#breaker = endpointBreaker(clock);
    const parts = { endpoint, breaker: this.#breaker, clock, retry, shared, budget, onEvent: this.#onEvent };
    ({ minter: this.#minter, budgeted: this.#budgeted } = buildMinter(parts));
    this.#chance = clock.random();
    this.#slots = new LRUCache({ max: maxTokens });
    this.#counters = new LRUCache({ max: maxTokens });
  }

  /**
   * A token that can be used now.
   *
   * @throws M2mError where none can be had: `issuer_unreachable`, `client_rejected`, `grant_missing`,
   * `scope_not_granted`, `quota_exhausted`, `token_response_invalid`; `deadline_exceeded` or `aborted` by the signal
   */
  getToken(options: GetTokenOptions): Promise<AccessToken> {
    const { audience, signal, minTtl = 0 } = options;
    if (signal?.aborted) return Promise.reject(interrupted(audience, signal));
    const slot = this.#slotOf(options);
    if (this.#usable(slot, minTtl) && slot.ready) return slot.ready;
    if (slot.failure && !slot.flight && this.#cooling(slot)) return Promise.reject(slot.failure);
    return waitFor(this.#fly(slot, minTtl, true), audience, signal);
  }

  /** The token that can be used now without waiting, where there is one. */
  peek(request: TokenRequest, minTtl = 0): AccessToken | undefined {
    const slot = this.#slotOf(request);
    return this.#usable(slot, minTtl) ? slot.held?.token : undefined;
  }

  /**
   * Lets go of a token that a callee refused, if it is still the one that is held. At most one in a minute is let go, so
   * that a callee which refuses every token costs no quota.
   *
   * @param fingerprint which token was refused
   * @returns whether another token may be had now
   */
  drop(request: TokenRequest, fingerprint: string): boolean {
    const slot = this.#slotOf(request);
    if (slot.held?.token.fingerprint !== fingerprint) return true;
    const now = this.#clock.monotonic();
    if (now - slot.droppedAt < dropInterval) return false;
    slot.droppedAt = now;
    slot.refused = fingerprint;
    this.#minter.discard?.(slot.request, slot.held.token.value);
    slot.keep(undefined);
    slot.cool(undefined, -Infinity);
    this.#onEvent({ type: 'dropped', audience: request.audience, fingerprint });
    return true;
  }

  /** Waits, in bounded time, until what is being shared with other instances is shared. */
  async idle(): Promise<void> {
    await this.#minter.idle?.();
  }

  /** What happened so far, by audience. */
  stats(): TokenStats[] {
    return statsOf(this.#counters.entries(), [...this.#slots.values()], this.#clock.monotonic());
  }

  /** What is left of the authorization server's quotas and of the budget, as it was seen last. */
  quotas(): Quota[] {
    return this.#budgeted.quotas();
  }

  #slotOf(request: TokenRequest): TokenSlot {
    const key = tokenKey(request);
    const known = this.#slots.get(key);
    if (known) return known;
    const { audience } = request;
    const counters = this.#counters.get(audience) ?? new TokenCounters();
    this.#counters.set(audience, counters);
    const slot = new TokenSlot(copyOf(request), counters);
    this.#slots.set(key, slot);
    return slot;
  }

  /** Whether the held token can be used at once; begins a refresh in the background where one is due. */
  #usable(slot: TokenSlot, minTtl: number): boolean {
    const state = stateOf(slot.held, this.#clock.monotonic(), minTtl);
    if (state === 'expired') return false;
    if (state !== 'fresh' && !this.#cooling(slot)) {
      if (state === 'hard') return false;
      void this.#fly(slot, minTtl, false);
    }
    slot.counters.served++;
    return true;
  }

  /** Whether nobody asks for now. A pause of the issuer's making ends as soon as it answers anybody. */
  #cooling({ coolUntil, failure, failedAt }: TokenSlot): boolean {
    if (failure?.transient && this.#breaker.closedAt > failedAt) return false;
    return this.#clock.monotonic() < coolUntil;
  }

  #fly(slot: TokenSlot, minTtl: number, urgent: boolean): Promise<AccessToken> {
    if (slot.flight === undefined) {
      slot.flight = this.#obtain(slot, minTtl, urgent).finally(() => (slot.flight = undefined));
      slot.flight.catch(() => undefined);
    }
    return slot.flight;
  }

  async #obtain(slot: TokenSlot, minTtl: number, urgent: boolean): Promise<AccessToken> {
    const startedAt = this.#clock.monotonic();
    const accepts = (candidate: TimedToken) => this.#accepts(slot, candidate, minTtl, urgent);
    try {
      return this.#take(slot, await this.#minter.obtain(slot.request, { urgent, accepts }), startedAt);
    } catch (error) {
      return this.#bridge(slot, asM2mError(error, slot.request.audience));
    }
  }

  /** Whether another instance's token would do: in the background a fresh one only, else any that can be used. */
  #accepts(slot: TokenSlot, candidate: TimedToken, minTtl: number, urgent: boolean): boolean {
    if (fingerprintOf(candidate.minted.value) === slot.refused) return false;
    const state = stateOf(timesOf(candidate, this.#chance), this.#clock.monotonic(), minTtl);
    return state === 'fresh' || (urgent && state === 'soft');
  }

  #take(slot: TokenSlot, timed: TimedToken, startedAt: number): AccessToken {
    const { audience } = slot.request;
    const previous = slot.held;
    const held = this.#hold(slot, timed);
    const now = this.#clock.monotonic();
    const refresh = previous !== undefined && now < previous.endsAt;
    const repeated = refresh && held.token === previous.token;
    slot.keep(held);
    slot.cool(undefined, repeated ? now + Math.max(sameTokenPause, (held.endsAt - now) / 2) : -Infinity);
    if (refresh) slot.counters.refreshed++;
    if (timed.shared) {
      slot.counters.saved++;
      this.#onEvent({ type: 'shared', audience, left: (held.endsAt - now) / 1000 });
      return held.token;
    }
    slot.counters.minted++;
    const lifetime = (held.endsAt - held.mintedAt) / 1000;
    const { quota } = timed.minted;
    const duration = now - startedAt;
    this.#onEvent({ type: 'minted', audience, duration, lifetime, refresh, ...(quota && { quota }) });
    return held.token;
  }

  /** Times a token, and lets others have it where it is of use. */
  #hold(slot: TokenSlot, timed: TimedToken): HeldToken {
    let held: HeldToken | undefined;
    try {
      held = hold(timed, slot.request.audience, this.#chance, this.#clock, slot.held);
      return held;
    } finally {
      timed.settle?.(held);
    }
  }

  /** Remembers a failure; a token that still lives is served all the same. */
  #bridge(slot: TokenSlot, failure: M2mError): AccessToken {
    const now = this.#clock.monotonic();
    slot.cool(failure, now + cooldownAfter(failure, slot.failures + 1, this.#clock));
    slot.failedAt = now;
    slot.counters.failed++;
    const live = slot.held !== undefined && now < slot.held.endsAt ? slot.held.token : undefined;
    const { code, message } = failure;
    this.#onEvent({
      type: 'failed',
      audience: slot.request.audience,
      code,
      message,
      bridged: live !== undefined,
    });
    if (live === undefined) throw failure;
    return live;
  }
}
