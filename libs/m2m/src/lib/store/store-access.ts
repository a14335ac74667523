import { Breaker } from '../tokens/breaker.js';
import type { Clock } from '../tokens/clock.js';
import { withDeadline } from '../tokens/deadline.js';
import type { StoreEvent } from './store-event.js';
import { type StoreLock, type TokenStore, UnreadableEntryError } from './token-store.js';

const defaultTimeout = 250;
const first = 1_000;
const longest = 30_000;

/** The store cannot be asked now. It says so once to whoever listens; nobody's call fails by it. */
export class StoreAwayError extends Error {
  override readonly name = 'StoreAwayError';
}

/** Asks a store that may be slow, away or lying: every answer within a short time, none at all while it is away. */
export class StoreAccess {
  readonly #store: TokenStore;
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #onEvent: ((event: StoreEvent) => void) | undefined;
  readonly #breaker: Breaker;
  #away = false;

  /** @param timeout how long one answer may take, in milliseconds; default 250 */
  constructor(
    store: TokenStore,
    clock: Clock,
    timeout = defaultTimeout,
    onEvent?: (event: StoreEvent) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#timeout = timeout;
    this.#onEvent = onEvent;
    this.#breaker = new Breaker(clock, (error, _failures, pauses) =>
      error instanceof UnreadableEntryError
        ? undefined
        : Math.min(longest, first * 2 ** Math.min(pauses - 1, 10)) * (0.5 + clock.random() / 2),
    );
  }

  /**
   * Asks once.
   *
   * @param late takes what comes after nobody waits for it any more
   * @throws StoreAwayError, or UnreadableEntryError of the store
   */
  async ask<T>(question: (store: TokenStore) => Promise<T>, late?: (answer: T) => void): Promise<T> {
    try {
      const answer = await this.#breaker.run(
        () => new StoreAwayError('the store is left alone for a while'),
        () => this.#bounded(question, late),
      );
      this.#isBack();
      return answer;
    } catch (error) {
      if (error instanceof UnreadableEntryError) {
        this.#isBack();
        throw error;
      }
      if (!(error instanceof StoreAwayError)) this.#isLost(error);
      throw new StoreAwayError('the store does not answer');
    }
  }

  /** The right to mint; one that comes too late is given back. */
  lock(key: string, ttl: number): Promise<StoreLock | undefined> {
    return this.ask(
      (store) => store.lock(key, ttl),
      (lock) => void lock?.release().catch(() => undefined),
    );
  }

  #bounded<T>(question: (store: TokenStore) => Promise<T>, late?: (answer: T) => void): Promise<T> {
    const timeUp = () => Object.assign(new Error('the store did not answer in time'), { code: 'timeout' });
    return withDeadline(this.#clock, this.#timeout, timeUp, async (signal) => {
      const answer = await question(this.#store);
      if (signal.aborted) late?.(answer);
      return answer;
    });
  }

  #isLost(error: unknown): void {
    if (this.#away) return;
    this.#away = true;
    this.#onEvent?.({ type: 'store_lost', reason: reasonOf(error) });
  }

  #isBack(): void {
    if (!this.#away) return;
    this.#away = false;
    this.#onEvent?.({ type: 'store_back' });
  }
}

/** A system or client code, or the word that an error of Redis begins with; nothing that could hold a command. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unavailable';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return /^[A-Z]{4,20}(?= )/.exec(error.message)?.[0] ?? 'unavailable';
}
