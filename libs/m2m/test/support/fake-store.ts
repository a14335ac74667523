import type { FakeClock } from './fake-clock.js';
import {
  type SharedCopy,
  type SharedToken,
  type StoreCount,
  type StoreLock,
  type TokenStore,
  UnreadableEntryError,
  type UnreadableReason,
} from '../../src/index.js';

interface Entry<T> {
  value: T;
  endsAt: number;
}

/** A store in memory that keeps the time of a fake clock, and goes wrong as a test wants. */
export class FakeStore implements TokenStore {
  readonly tokens = new Map<string, Entry<SharedToken>>();
  readonly locks = new Map<string, Entry<object>>();
  readonly counts = new Map<string, Entry<number>>();
  readonly asked: string[] = [];
  /** Rejects everything, where it is set. */
  away: Error | undefined;
  /** Answers nothing, where it is set. */
  hangs = false;
  /** What reading finds instead of a token, where it is set. */
  unreadable: UnreadableReason | undefined;
  /** What it says is left of a token, in milliseconds, instead of the truth. */
  left: number | undefined;

  constructor(private readonly clock: FakeClock) {}

  async read(key: string): Promise<SharedCopy | undefined> {
    await this.#answer('read');
    if (this.unreadable) throw new UnreadableEntryError(this.unreadable);
    const entry = this.#alive(this.tokens, key);
    return entry && { token: entry.value, left: this.left ?? entry.endsAt - this.clock.monotonic() };
  }

  async write(key: string, token: SharedToken, left: number): Promise<void> {
    await this.#answer('write');
    this.tokens.set(key, { value: token, endsAt: this.clock.monotonic() + left });
  }

  async remove(key: string, value: string): Promise<void> {
    await this.#answer('remove');
    if (this.tokens.get(key)?.value.value === value) this.tokens.delete(key);
  }

  async lock(key: string, ttl: number): Promise<StoreLock | undefined> {
    await this.#answer('lock');
    if (this.#alive(this.locks, key)) return undefined;
    const mine = { value: {}, endsAt: this.clock.monotonic() + ttl };
    this.locks.set(key, mine);
    return {
      release: async () => {
        await this.#answer('release');
        if (this.locks.get(key) === mine) this.locks.delete(key);
      },
    };
  }

  async count(name: string, period: number, by: 0 | 1): Promise<StoreCount> {
    await this.#answer('count');
    const known = this.#alive(this.counts, name) ?? { value: 0, endsAt: this.clock.monotonic() + period };
    known.value += by;
    this.counts.set(name, known);
    return { count: known.value, resetAfter: known.endsAt - this.clock.monotonic() };
  }

  async #answer(what: string): Promise<void> {
    this.asked.push(what);
    if (this.hangs) await new Promise(() => undefined);
    if (this.away) throw this.away;
  }

  #alive<T>(entries: Map<string, Entry<T>>, key: string): Entry<T> | undefined {
    const entry = entries.get(key);
    return entry && entry.endsAt > this.clock.monotonic() ? entry : undefined;
  }
}
