/** How the keys of an issuer are fetched and kept. Every wait and size is bounded. */
export interface KeySetTuning {
  /** Seconds between two refreshes ahead of need, give or take 10 %. Default 600, at most 86,400. */
  readonly refreshSeconds?: number;
  /** Seconds in which an unknown `kid` causes no further fetch. Default 30, at most 3,600. */
  readonly cooldownSeconds?: number;
  /** Seconds for which the last known keys are used while the issuer cannot be reached. Default 86,400, at most 604,800. */
  readonly maxStaleSeconds?: number;
  /** Milliseconds for a whole fetch, discovery and body included. Default 3,000, at most 30,000. */
  readonly timeoutMs?: number;
  /** The largest answer that is read, in bytes. Default 524,288, at most 8,388,608. */
  readonly maxBytes?: number;
  /** How many requests may wait for keys at a time; the rest is answered 503 at once. Default 1,000, at most 100,000. */
  readonly maxWaiting?: number;
}

/** {@link KeySetTuning} with its defaults, in milliseconds. */
export interface KeySetLimits {
  readonly refreshMs: number;
  readonly cooldownMs: number;
  readonly maxStaleMs: number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxWaiting: number;
}

/** The range that each setting may have. */
export const tuningRanges: Readonly<Record<keyof KeySetTuning, readonly [least: number, most: number]>> = {
  refreshSeconds: [1, 86_400],
  cooldownSeconds: [1, 3_600],
  maxStaleSeconds: [1, 604_800],
  timeoutMs: [10, 30_000],
  maxBytes: [1_024, 8_388_608],
  maxWaiting: [1, 100_000],
};

/** Fills in the defaults. */
export function keySetLimits(tuning: KeySetTuning = {}): KeySetLimits {
  return {
    refreshMs: (tuning.refreshSeconds ?? 600) * 1_000,
    cooldownMs: (tuning.cooldownSeconds ?? 30) * 1_000,
    maxStaleMs: (tuning.maxStaleSeconds ?? 86_400) * 1_000,
    timeoutMs: tuning.timeoutMs ?? 3_000,
    maxBytes: tuning.maxBytes ?? 524_288,
    maxWaiting: tuning.maxWaiting ?? 1_000,
  };
}
