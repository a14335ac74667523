import { AuthError } from '../errors/auth-error.js';
import type { SignatureAlgorithm } from './algorithms.js';
import { discoverJwksUri } from './discover-jwks-uri.js';
import type { FetchBounds } from './fetch-json.js';
import { fetchSigningKeys } from './fetch-signing-keys.js';
import type { KeySetEvent, KeySetStatus } from './key-set-event.js';
import { type KeySetLimits, keySetLimits, type KeySetTuning } from './key-set-limits.js';
import { RefreshTimer } from './refresh-timer.js';
import { selectKeys } from './select-keys.js';
import type { SigningKey } from './signing-key.js';

/** What a {@link KeySet} is made from. */
export interface KeySetOptions {
  /** The exact issuer. */
  readonly issuer: string;
  /** Where its keys are; default: discovery at the issuer. */
  readonly jwksUri?: string;
  /** Waits and sizes. */
  readonly tuning?: KeySetTuning;
  /** Told whenever keys were fetched or could not be. */
  readonly onEvent?: (event: KeySetEvent) => void;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * The signing keys of one issuer, always as the whole set that it published last.
 *
 * A set is fetched in one flight however many requests need it, ahead of need on a timer, and at most once in a
 * cooldown for a `kid` that is not in it. While the issuer cannot be reached the last set stays in use, up to a
 * bound. Nothing here rejects in the background, and no timer keeps the process alive.
 *
 * @example
 * ```ts
 * const keys = new KeySet({ issuer: 'https://tenant.example/' });
 * await keys.prefetch();
 * const [key] = await keys.keysFor('2026-11', 'RS256');
 * ```
 */
export class KeySet {
  readonly #issuer: string;
  readonly #configuredUri: string | undefined;
  readonly #limits: KeySetLimits;
  readonly #onEvent: ((event: KeySetEvent) => void) | undefined;
  readonly #clock: () => number;
  readonly #timer: RefreshTimer;
  readonly #closing = new AbortController();

  #keys: readonly SigningKey[] = [];
  /** What was found in the keys, by algorithm and `kid`; at most one entry for each key and algorithm. */
  readonly #found = new Map<string, readonly SigningKey[]>();
  #fetchedAt: number | undefined;
  #jwksUri: string | undefined;
  #flight: Promise<void> | undefined;
  #waiting = 0;
  #lastError: Error | undefined;
  #lookedForUnknownAt = Number.NEGATIVE_INFINITY;

  constructor(options: KeySetOptions) {
    this.#issuer = options.issuer;
    this.#configuredUri = options.jwksUri;
    this.#limits = keySetLimits(options.tuning);
    this.#onEvent = options.onEvent;
    this.#clock = options.clock ?? Date.now;
    this.#timer = new RefreshTimer(this.#limits, this.#clock, () => void this.#refresh());
  }

  /**
   * The keys that are known to fit a token's header, without waiting; `undefined` where {@link keysFor} has to say.
   */
  known(kid: string | undefined, alg: SignatureAlgorithm): readonly SigningKey[] | undefined {
    if (!this.#isUsable()) return undefined;
    const name = kid === undefined ? alg : `${alg} ${kid}`;
    const found = this.#found.get(name);
    if (found) return found;
    const selection = selectKeys(this.#keys, kid, alg);
    if (!('found' in selection)) return undefined;
    this.#found.set(name, selection.found);
    return selection.found;
  }

  /**
   * The keys that fit a token's header: those that are known, or those of a newer set where one may be asked for.
   *
   * @param kid the `kid` of the header
   * @param alg the `alg` of the header
   * @throws AuthError `key_unknown`, `alg_not_allowed` when the key is for another algorithm, `keys_unavailable`
   */
  async keysFor(kid: string | undefined, alg: SignatureAlgorithm): Promise<readonly SigningKey[]> {
    if (!this.#isUsable()) {
      await this.#fetchFirst();
      return this.#select(kid, alg);
    }
    if (this.#isUnknown(kid, alg) && this.#mayLookForUnknown()) await this.#wait();
    return this.#select(kid, alg);
  }

  /** Fetches the keys before anybody needs them. Never rejects; a failure is tried again by itself. */
  async prefetch(): Promise<void> {
    if (!this.#isUsable() && !this.#closing.signal.aborted) await this.#refresh();
  }

  /**
   * Fetches the set anew, whatever its age.
   *
   * @throws AuthError `keys_unavailable`; the keys from before stay in use
   */
  async reload(): Promise<void> {
    await this.#flight;
    this.#jwksUri = undefined;
    await this.#refresh();
    if (this.#lastError || this.#closing.signal.aborted) throw this.#unavailable();
  }

  /** Whether there are keys to verify with, and how old they are. */
  status(): KeySetStatus {
    return {
      issuer: this.#issuer,
      usable: this.#isUsable(),
      keys: this.#isUsable() ? this.#keys.length : 0,
      ageSeconds: this.#fetchedAt === undefined ? undefined : (this.#clock() - this.#fetchedAt) / 1_000,
      lastError: this.#lastError?.message,
    };
  }

  /** Stops refreshing and ends a fetch under way. Keys that are known stay usable. */
  close(): void {
    this.#closing.abort();
    this.#timer.stop();
  }

  #isUsable(): boolean {
    return this.#fetchedAt !== undefined && this.#clock() < this.#fetchedAt + this.#limits.maxStaleMs;
  }

  #isUnknown(kid: string | undefined, alg: SignatureAlgorithm): boolean {
    const selection = selectKeys(this.#keys, kid, alg);
    return 'missing' in selection && selection.missing === 'unknown';
  }

  #select(kid: string | undefined, alg: SignatureAlgorithm): readonly SigningKey[] {
    const selection = selectKeys(this.#keys, kid, alg);
    if ('found' in selection) return selection.found;
    if (selection.missing === 'unfit') throw new AuthError('alg_not_allowed', undefined, { claim: 'alg' });
    throw new AuthError('key_unknown', undefined, { claim: 'kid', reason: selection.missing });
  }

  /** One look for a newer set in a cooldown, and none while the issuer is being left alone after a failure. */
  #mayLookForUnknown(): boolean {
    if (this.#flight) return true;
    const now = this.#clock();
    if (
      this.#closing.signal.aborted ||
      this.#timer.isBackingOff() ||
      now < this.#lookedForUnknownAt + this.#limits.cooldownMs
    )
      return false;
    this.#lookedForUnknownAt = now;
    return true;
  }

  async #fetchFirst(): Promise<void> {
    if (!this.#flight && (this.#timer.isBackingOff() || this.#closing.signal.aborted))
      throw this.#unavailable();
    await this.#wait();
    if (!this.#isUsable()) throw this.#unavailable();
  }

  async #wait(): Promise<void> {
    if (this.#waiting >= this.#limits.maxWaiting) throw this.#unavailable();
    this.#waiting++;
    try {
      await this.#refresh();
    } finally {
      this.#waiting--;
    }
  }

  /** One fetch at a time; it records a failure and does not reject. */
  #refresh(): Promise<void> {
    this.#flight ??= this.#fetch().finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  async #fetch(): Promise<void> {
    const startedAt = this.#clock();
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new Error(`did not answer within ${this.#limits.timeoutMs} ms`)),
      this.#limits.timeoutMs,
    ).unref();
    try {
      const signal = AbortSignal.any([deadline.signal, this.#closing.signal]);
      const keys = await this.#fetchKeys({ signal, maxBytes: this.#limits.maxBytes });
      this.#swap(keys, startedAt);
    } catch (error) {
      this.#fail(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #fetchKeys(bounds: FetchBounds): Promise<readonly SigningKey[]> {
    this.#jwksUri ??= this.#configuredUri ?? (await discoverJwksUri(this.#issuer, bounds));
    return fetchSigningKeys(this.#jwksUri, bounds);
  }

  /** The new set takes the place of the old one; a key that is in both stays the same object. */
  #swap(fetched: readonly SigningKey[], startedAt: number): void {
    const now = this.#clock();
    const before = new Map(this.#keys.map((key) => [key.fingerprint, key]));
    const keys = fetched.map((key) => before.get(key.fingerprint) ?? key);
    for (const key of this.#keys) key.trustedUntil = 0;
    for (const key of keys) key.trustedUntil = startedAt + this.#limits.maxStaleMs;
    const added = keys.filter((key) => !before.has(key.fingerprint)).length;
    const removed = this.#keys.filter((key) => key.trustedUntil === 0).length;
    this.#keys = keys;
    this.#found.clear();
    this.#fetchedAt = startedAt;
    this.#lastError = undefined;
    this.#timer.succeeded();
    const durationMs = now - startedAt;
    this.#emit({ type: 'refreshed', issuer: this.#issuer, keys: keys.length, added, removed, durationMs });
  }

  #fail(cause: unknown): void {
    if (this.#closing.signal.aborted) return;
    const error = cause instanceof Error ? cause : new Error('the keys could not be fetched', { cause });
    this.#lastError = error;
    this.#jwksUri = undefined;
    const retryInMs = this.#timer.failed();
    this.#emit({ type: 'failed', issuer: this.#issuer, usable: this.#isUsable(), retryInMs, error });
  }

  #emit(event: KeySetEvent): void {
    try {
      this.#onEvent?.(event);
    } catch {
      // A listener that throws must not stop the keys.
    }
  }

  #unavailable(): AuthError {
    return new AuthError('keys_unavailable', undefined, {
      cause: this.#lastError,
      retryAfter: Math.max(1, Math.ceil(this.#timer.dueInMs() / 1_000)),
    });
  }
}
