const httpDate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * `Retry-After` (RFC 9110 §10.2.3), a number of seconds or a date, in seconds from now. A date is compared with the
 * `Date` of the same answer, so that neither clock needs to be right. What is neither counts as absent.
 *
 * @param headers of the answer
 * @param now milliseconds of the epoch, for an answer without a `Date`
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const until = dateOf(value);
  if (until === undefined) return undefined;
  return Math.max(0, Math.ceil((until - (dateOf(headers.get('date') ?? '') ?? now)) / 1000));
}

/** An HTTP date (RFC 9110 §5.6.7) in milliseconds of the epoch. */
function dateOf(text: string): number | undefined {
  const date = httpDate.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : date;
}
