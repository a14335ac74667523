import type { Clock } from './clock.js';

/**
 * How long nobody asks after a failure, in milliseconds: 0 where it is too early to stop, `undefined` where the failure
 * shows that the other side works.
 *
 * @param failures how many came in a row, this one included
 * @param pauses which pause in a row it would be, 1 or more
 */
export type PauseAfter = (error: unknown, failures: number, pauses: number) => number | undefined;

/**
 * Stops asking somebody who does not answer. After each pause one caller finds out whether it is over; the others are
 * refused until then. It knows nothing of tokens, so it cannot hide one.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #pauseAfter: PauseAfter;
  #failures = 0;
  #pauses = 0;
  #openUntil = -Infinity;
  #probing = false;
  #closedAt = -Infinity;

  constructor(clock: Clock, pauseAfter: PauseAfter) {
    this.#clock = clock;
    this.#pauseAfter = pauseAfter;
  }

  /** When it last closed after a pause, in milliseconds of the clock that never jumps. */
  get closedAt(): number {
    return this.#closedAt;
  }

  /** Whether somebody may ask now. */
  get admits(): boolean {
    return this.#pauses === 0 || (!this.#probing && this.#clock.monotonic() >= this.#openUntil);
  }

  /**
   * Asks, unless it is paused.
   *
   * @param refusal what a refused caller gets; told how long the pause still lasts, in milliseconds
   * @param work must settle in bounded time
   */
  async run<T>(refusal: (left: number) => Error, work: () => Promise<T>): Promise<T> {
    if (!this.admits) throw refusal(Math.max(0, this.#openUntil - this.#clock.monotonic()));
    const probe = this.#pauses > 0;
    this.#probing ||= probe;
    try {
      const result = await work();
      this.#close();
      return result;
    } catch (error) {
      this.#failed(error, probe);
      throw error;
    } finally {
      if (probe) this.#probing = false;
    }
  }

  #close(): void {
    if (this.#pauses > 0) this.#closedAt = this.#clock.monotonic();
    this.#pauses = 0;
    this.#failures = 0;
  }

  /** Pauses grow with each probe that fails; what failed beside it was sent before the pause. */
  #failed(error: unknown, probe: boolean): void {
    const pauses = Math.max(1, probe ? this.#pauses + 1 : this.#pauses);
    const pause = this.#pauseAfter(error, this.#failures + 1, pauses);
    if (pause === undefined) return this.#close();
    this.#failures++;
    if (pause <= 0) return;
    this.#pauses = pauses;
    this.#openUntil = Math.max(this.#openUntil, this.#clock.monotonic() + pause);
  }
}
