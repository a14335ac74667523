import { randomBytes } from 'node:crypto';
import {
  type Clock,
  type MintedToken,
  type SharedCopy,
  type SharedToken,
  type StoreCount,
  type StoreLock,
  type TokenEndpoint,
  type TokenStore,
} from '@countersign/m2m';

/** Time that passes when it is told to. A delay within it costs a turn of the event loop and no time. */
export class SimulatedClock implements Clock {
  #ms = 0;

  pass(ms: number): void {
    this.#ms += ms;
  }

  readonly now = (): number => this.#ms;
  readonly monotonic = (): number => this.#ms;
  readonly random = (): number => Math.random();
  readonly delay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
}

/** An authorization server that counts. */
export class CountingEndpoint implements TokenEndpoint {
  mints = 0;

  constructor(private readonly lifetimeSeconds: number) {}

  mint(): Promise<MintedToken> {
    this.mints++;
    return Promise.resolve({
      value: randomBytes(32).toString('base64url'),
      scheme: 'Bearer',
      scopes: [],
      expiresIn: this.lifetimeSeconds,
    });
  }
}

/** A store that keeps simulated time, in the place of Redis. */
export class SimulatedStore implements TokenStore {
  readonly #tokens = new Map<string, { token: SharedToken; until: number }>();
  readonly #locks = new Map<string, object>();

  constructor(private readonly clock: Clock) {}

  read(key: string): Promise<SharedCopy | undefined> {
    const entry = this.#tokens.get(key);
    const left = (entry?.until ?? 0) - this.clock.monotonic();
    return Promise.resolve(entry && left > 0 ? { token: entry.token, left } : undefined);
  }

  write(key: string, token: SharedToken, left: number): Promise<void> {
    this.#tokens.set(key, { token, until: this.clock.monotonic() + left });
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.#tokens.delete(key);
    return Promise.resolve();
  }

  lock(key: string): Promise<StoreLock | undefined> {
    if (this.#locks.has(key)) return Promise.resolve(undefined);
    const mine = {};
    this.#locks.set(key, mine);
    const release = (): Promise<void> => {
      if (this.#locks.get(key) === mine) this.#locks.delete(key);
      return Promise.resolve();
    };
    return Promise.resolve({ release });
  }

  count(): Promise<StoreCount> {
    return Promise.resolve({ count: 1, resetAfter: 1 });
  }
}
