/** What happened to the keys of an issuer. Holds no key. */
export type KeySetEvent =
  | {
      /** A whole new set took the place of the one before. */
      readonly type: 'refreshed';
      readonly issuer: string;
      /** How many usable keys there are now. */
      readonly keys: number;
      /** How many keys came in. */
      readonly added: number;
      /** How many keys went out; tokens that they signed are refused from now on. */
      readonly removed: number;
      /** How long the fetch took, in milliseconds. */
      readonly durationMs: number;
    }
  | {
      /** The set could not be fetched. */
      readonly type: 'failed';
      readonly issuer: string;
      /** True when keys from before are still in use. */
      readonly usable: boolean;
      /** Milliseconds until the next attempt. */
      readonly retryInMs: number;
      readonly error: Error;
    };

/** The state of a key set, for health checks and metrics. */
export interface KeySetStatus {
  readonly issuer: string;
  /** True when there are keys to verify with. */
  readonly usable: boolean;
  /** How many usable keys there are. */
  readonly keys: number;
  /** Seconds since the set was last fetched; `undefined` when it never was. */
  readonly ageSeconds: number | undefined;
  /** Why the last fetch failed; `undefined` when it succeeded. */
  readonly lastError: string | undefined;
}
