/** One burst of load. */
export interface LoadRequest {
  readonly url: string;
  /** Sent in turn; with one token, always that one. */
  readonly tokens: readonly string[];
  readonly seconds: number;
  readonly connections: number;
}

/** What the load generator saw. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Answers that were not 2xx, and requests that got none. */
  readonly failures: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
}
