/** One bucket of a client's quota of tokens, as Auth0 counts it. */
export interface QuotaBucket {
  readonly bucket: 'per_hour' | 'per_day';
  /** How many tokens it holds. */
  readonly quota: number;
  /** How many of them are left. */
  readonly remaining: number;
  /** Seconds until it is full again. */
  readonly resetsIn: number;
}

/** Auth0's header `Auth0-Client-Quota-Limit`: `b=per_hour;q=10;r=7;t=3540,b=per_day;…`. */
export function quotaHeader(buckets: readonly QuotaBucket[]): Record<string, string> {
  const value = buckets.map(
    ({ bucket, quota, remaining, resetsIn }) => `b=${bucket};q=${quota};r=${remaining};t=${resetsIn}`,
  );
  return { 'auth0-client-quota-limit': value.join(',') };
}
