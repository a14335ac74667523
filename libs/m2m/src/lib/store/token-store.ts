/** A token as the instances of a service share it. */
export interface SharedToken {
  readonly value: string;
  /** The authentication scheme. Tokens that are bound to a key or a certificate are never shared, so it is `Bearer`. */
  readonly scheme: 'Bearer';
  /** What was granted. */
  readonly scopes: readonly string[];
  /** How long it lives from its beginning to its end, in seconds. */
  readonly lifetime: number;
  /** A fingerprint of the credential that it was minted with; it is used by holders of the same credential alone. */
  readonly credential: string;
}

/** A shared token and how long it still lives by the store's own clock. */
export interface SharedCopy {
  readonly token: SharedToken;
  /** In milliseconds, more than 0. */
  readonly left: number;
}

/** The right to mint one token for the whole fleet. */
export interface StoreLock {
  /** Gives it back, if it is still one's own. */
  release(): Promise<void>;
}

/** A count within a period. */
export interface StoreCount {
  readonly count: number;
  /** Until the period ends, in milliseconds. */
  readonly resetAfter: number;
}

/** Why an entry of the store is not used. */
export type UnreadableReason = 'malformed' | 'key_unknown' | 'not_authentic' | 'no_expiry' | 'ended';

/** The store answered, but with something that is no token of ours. It is then minted anew and written over. */
export class UnreadableEntryError extends Error {
  override readonly name = 'UnreadableEntryError';

  /** @param reason stable reason, without anything of the entry */
  constructor(readonly reason: UnreadableReason) {
    super(`the shared token is not used (${reason})`);
  }
}

/**
 * A cache that the instances of a service share. Every method may reject or hang: the caller bounds it, and goes on
 * without the store. Keys are names of up to 64 characters of base64url. Whoever implements it for a store outside of
 * the process keeps tokens there encrypted, and bound to their key.
 */
export interface TokenStore {
  /**
   * The shared copy, where there is one that still lives.
   *
   * @throws UnreadableEntryError where there is one that cannot be trusted
   */
  read(key: string): Promise<SharedCopy | undefined>;
  /**
   * Shares a token.
   *
   * @param left how long it still lives, in milliseconds, at the time of the call
   */
  write(key: string, token: SharedToken, left: number): Promise<void>;
  /** Takes the shared copy away, if it is this very token. */
  remove(key: string, value: string): Promise<void>;
  /**
   * Takes the right to mint.
   *
   * @param ttl after how long it is free again by itself, in milliseconds
   * @returns nothing where another instance has it
   */
  lock(key: string, ttl: number): Promise<StoreLock | undefined>;
  /**
   * Counts.
   *
   * @param name of any length
   * @param period in milliseconds; it begins when it is first asked for
   * @param by 1 for one more, 0 to look
   */
  count(name: string, period: number, by: 0 | 1): Promise<StoreCount>;
}
