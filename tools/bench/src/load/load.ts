/** One burst of load. */
export interface LoadRequest {
  readonly url: string;
  /** Sent in turn as bearer tokens; with one token, always that one; with none, requests carry no credentials. */
  readonly tokens: readonly string[];
  /** Makes each request a POST with this body; without one it is a GET. */
  readonly post?: { readonly contentType: string; readonly body: string };
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
