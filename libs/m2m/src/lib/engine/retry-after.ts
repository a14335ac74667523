/**
 * `Retry-After` (RFC 9110 §10.2.3), a number of seconds or a date, in seconds from now.
 *
 * @param now milliseconds of the epoch
 */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
