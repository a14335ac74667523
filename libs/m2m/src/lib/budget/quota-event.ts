/** How much of a quota is used when it is told of, in percent. */
export type QuotaShare = 60 | 80 | 100;

/** A client's quota of tokens is used to 60, 80 or 100 percent. Each is told once in a period. */
export interface QuotaEvent {
  readonly type: 'quota';
  /** Whose limit it is: the authorization server's, or this service's own budget. */
  readonly source: 'server' | 'budget';
  /** `per_hour`, `per_day` of Auth0, or `budget`. */
  readonly name: string;
  readonly share: QuotaShare;
  /** Tokens per period. */
  readonly quota: number;
  /** Tokens left. */
  readonly remaining: number;
  /** Until the period starts anew, in seconds. */
  readonly resetAfter: number;
}
