/** Work that nobody waits for, until the end. */
export class Background {
  readonly #pending = new Set<Promise<void>>();

  /** Goes on with it; how it ends is nobody's business. */
  add(work: Promise<unknown>): void {
    const pending: Promise<void> = work.then(
      () => void this.#pending.delete(pending),
      () => void this.#pending.delete(pending),
    );
    this.#pending.add(pending);
  }

  /** Waits until all of it has ended. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
