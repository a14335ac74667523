import type { QuotaBucket } from '../tokens/token-event.js';

/**
 * Reads `Auth0-Client-Quota-Limit`, such as `b=per_hour;q=10;r=7;t=3540,b=per_day;q=100;r=90;t=80000`. What cannot be
 * read is left out.
 */
export function clientQuotaOf(header: string | null): QuotaBucket[] | undefined {
  if (header === null || header.length > 1_024) return undefined;
  const buckets = header.split(',').flatMap((part) => {
    const fields = new Map(part.split(';').map((field) => field.trim().split('=', 2) as [string, string]));
    const name = fields.get('b');
    const [quota, remaining, resetAfter] = ['q', 'r', 't'].map((field) => Number(fields.get(field) ?? NaN));
    if (name === undefined || quota === undefined || remaining === undefined || resetAfter === undefined)
      return [];
    return [quota, remaining, resetAfter].every((value) => Number.isSafeInteger(value) && value >= 0)
      ? [{ name, quota, remaining, resetAfter }]
      : [];
  });
  return buckets.length > 0 ? buckets : undefined;
}
