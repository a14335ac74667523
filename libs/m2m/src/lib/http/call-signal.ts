import type { GenericAbortSignal } from 'axios';

/**
 * Says that a call is over, in the words of axios. An `AbortSignal` costs ten times as much, and is made where something
 * needs one.
 */
export class CallSignal implements GenericAbortSignal {
  readonly #listeners = new Set<() => void>();
  #native: AbortController | undefined;
  #aborted = false;
  #reason: Error | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  /** Why the call is over, where it is. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** The same as an `AbortSignal`. */
  get native(): AbortSignal {
    this.#native ??= new AbortController();
    if (this.#aborted) this.#native.abort(this.#reason);
    return this.#native.signal;
  }

  /** Ends the call; the first reason is the one that counts. */
  abort(reason: Error): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#native?.abort(reason);
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  throwIfAborted(): void {
    if (this.#reason) throw this.#reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
