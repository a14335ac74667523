import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Background } from '../tokens/background.js';
import type { Clock } from '../tokens/clock.js';
import { withDeadline } from '../tokens/deadline.js';
import type { Minter, TimedToken, TokenNeed } from '../tokens/minter.js';
import type { TokenTimes } from '../tokens/token-state.js';
import { tokenKey, type TokenRequest } from '../tokens/token-request.js';
import { isPersonal } from './is-personal.js';
import { pollPauses } from './poll-pauses.js';
import type { StoreAccess } from './store-access.js';
import type { StoreEvent } from './store-event.js';
import {
  type SharedCopy,
  type StoreLock,
  type TokenStore,
  UnreadableEntryError,
  type UnreadableReason,
} from './token-store.js';

/** How tokens are shared with the other instances of a service. */
export interface SharedTokensOptions {
  /** Where they are kept. Its owner closes it. */
  readonly store: TokenStore;
  /** Everything that tells this client from others beside the token request: issuer, token endpoint, client id. */
  readonly client: readonly string[];
  /** A fingerprint of the credential, as it is now: a shared token is used by holders of the same credential alone. */
  readonly credential: () => Promise<string>;
  /** How long one answer of the store may take, in milliseconds. Default 250. */
  readonly timeout?: number;
}

/** How long a flight may take, in milliseconds. */
export interface SharedTimes {
  /** How long callers wait for another instance's token before this one asks for its own. */
  readonly patience: number;
  /** All of a flight. */
  readonly total: number;
}

/** Whose token it is. */
interface Place {
  readonly key: string;
  readonly credential: string;
  readonly request: TokenRequest;
}

const lockMargin = 2_000;
const rememberedRefusals = 1_000;

/**
 * Takes a token that another instance minted, or takes the right to mint, so that the fleet mints once. A lock that is
 * held by another is waited for, in bounded time; a store that is away is gone without.
 */
export class SharedMinter implements Minter {
  readonly #background = new Background();
  /** Why entries are not used, where that was told. */
  readonly #refused = new LRUCache<string, UnreadableReason>({ max: rememberedRefusals });

  constructor(
    private readonly options: SharedTokensOptions,
    private readonly access: StoreAccess,
    private readonly alone: Minter,
    private readonly clock: Clock,
    private readonly times: SharedTimes,
    private readonly onEvent?: (event: StoreEvent) => void,
  ) {}

  async obtain(request: TokenRequest, need: TokenNeed): Promise<TimedToken> {
    if (isPersonal(request)) return this.alone.obtain(request, need);
    const key = this.#keyOf(request);
    const startedAt = this.clock.monotonic();
    const credential = await this.#credential().catch(() => undefined);
    if (credential === undefined) return this.alone.obtain(request, need);
    const place = { key, credential, request };
    const turn = await this.#turn(place, need).catch(() => undefined);
    if (turn?.token) return turn.token;
    const { total, patience } = this.times;
    const spent = Math.min(patience, this.clock.monotonic() - startedAt);
    try {
      const timed = await this.alone.obtain(request, {
        ...need,
        within: need.urgent ? total - spent : total,
      });
      const settle = (life: TokenTimes | undefined) =>
        this.#background.add(this.#publish(place, timed, life, turn?.lock));
      return { ...timed, settle };
    } catch (error) {
      this.#background.add(this.#release(turn?.lock));
      throw error;
    }
  }

  /** Lets go of the shared copy of a token that a callee refused. */
  discard(request: TokenRequest, value: string): void {
    if (isPersonal(request)) return;
    this.#background.add(this.access.ask((store) => store.remove(this.#keyOf(request), value)));
  }

  async idle(): Promise<void> {
    await this.#background.idle();
    await this.alone.idle?.();
  }

  /** The fingerprint of the credential, within the time that another instance would be waited for. */
  #credential(): Promise<string> {
    const late = () => new Error('the credential did not come in time');
    return withDeadline(this.clock, this.times.patience, late, () => this.options.credential());
  }

  /** The shared token, or the right to mint; neither where others had that right for too long. */
  async #turn(
    place: Place,
    need: TokenNeed,
  ): Promise<{ readonly token?: TimedToken; readonly lock?: StoreLock } | undefined> {
    const { total, patience } = this.times;
    const ttl = total + lockMargin;
    const until = this.clock.monotonic() + (need.urgent ? patience : ttl);
    for (const pause of pollPauses(this.clock)) {
      const token = await this.#read(place, need);
      if (token) return { token };
      const lock = await this.access.lock(place.key, ttl);
      if (lock) {
        const written = await this.#read(place, need).catch(() => undefined);
        if (!written) return { lock };
        this.#background.add(this.#release(lock));
        return { token: written };
      }
      if (this.clock.monotonic() + pause >= until) return undefined;
      await this.clock.delay(pause);
    }
    return undefined;
  }

  async #read({ key, credential, request }: Place, need: TokenNeed): Promise<TimedToken | undefined> {
    const askedAt = this.clock.monotonic();
    try {
      const copy = await this.access.ask((store) => store.read(key));
      if (copy === undefined || copy.left > 0) this.#refused.delete(key);
      if (copy?.token.credential !== credential) return undefined;
      if (!(copy.left > 0)) throw new UnreadableEntryError('no_expiry');
      const timed = timedBy(copy, askedAt);
      return isPersonal(request, timed.minted) || !need.accepts(timed) ? undefined : timed;
    } catch (error) {
      if (!(error instanceof UnreadableEntryError)) throw error;
      this.#tellRefused(key, request.audience, error.reason);
      return undefined;
    }
  }

  /** Tells that an entry is not used: once, until there is another or another reason. */
  #tellRefused(key: string, audience: string, reason: UnreadableReason): void {
    if (this.#refused.get(key) === reason) return;
    this.#refused.set(key, reason);
    this.onEvent?.({ type: 'store_refused', audience, reason });
  }

  async #publish(
    { key, credential, request }: Place,
    { minted }: TimedToken,
    life: TokenTimes | undefined,
    lock: StoreLock | undefined,
  ): Promise<void> {
    if (life !== undefined && !isPersonal(request, minted)) {
      const { value, scopes } = minted;
      const lifetime = (life.endsAt - life.mintedAt) / 1000;
      const token = { value, scheme: 'Bearer', scopes, lifetime, credential } as const;
      const left = life.endsAt - this.clock.monotonic();
      await this.access.ask((store) => store.write(key, token, left)).catch(() => undefined);
    }
    await this.#release(lock);
  }

  async #release(lock: StoreLock | undefined): Promise<void> {
    if (lock) await this.access.ask(() => lock.release()).catch(() => undefined);
  }

  #keyOf(request: TokenRequest): string {
    const parts = [...this.options.client, tokenKey(request)];
    return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
  }
}

/** A shared copy on this process's own clock. It never ends later than the store says, nor later than its lifetime. */
function timedBy({ token, left }: SharedCopy, readAt: number): TimedToken {
  const { value, scheme, scopes, lifetime } = token;
  const age = Math.max(0, lifetime * 1000 - left);
  return { minted: { value, scheme, scopes, expiresIn: lifetime }, askedAt: readAt - age, shared: true };
}
