import type { CacheEntry } from './action-answer.js';

/** `api.cache`: what the Actions of the trigger keep between runs, in memory. 20 entries of 4 kB, a day at most. */
export class TriggerCache {
  #entries: readonly CacheEntry[] = [];

  /** What has not expired. */
  entries(): readonly CacheEntry[] {
    const now = Date.now();
    this.#entries = this.#entries.filter(({ record }) => record.expires_at > now);
    return this.#entries;
  }

  /**
   * Takes over what a run changed; what other runs changed meanwhile stays.
   *
   * @param before what the run was given
   * @param after what it left
   */
  merge(before: readonly CacheEntry[], after: readonly CacheEntry[]): void {
    const left = new Map(after.map((entry) => [entry.key, entry]));
    const given = new Map(before.map((entry) => [entry.key, entry]));
    const changed = after.filter(({ key, record }) => {
      const { value, expires_at } = given.get(key)?.record ?? {};
      return value !== record.value || expires_at !== record.expires_at;
    });
    const replaced = new Set(changed.map(({ key }) => key));
    const kept = this.entries().filter(({ key }) => !replaced.has(key) && (left.has(key) || !given.has(key)));
    this.#entries = [...kept, ...changed].slice(-20);
  }
}
